"""Ranks: several processes of one run, which share one folder and must agree.

They exchange small files in a folder that is named after the job. A rank asks with a word that no
process has used before; rank 0 answers with the words of all that have asked, and a reply names the
word of the answer. What an earlier attempt has left, on whatever host and however it ended, names
no word of this one, hence it is neither read as an answer nor counted as a reply.
"""

from __future__ import annotations

import errno
import json
import os
import sys
import time

from pconfigs import errors
from pconfigs.atomic_files import own_folder, read_regular
from pconfigs.runs.folder import encoded, of_rank, replace
from pconfigs.runs.reading.shapes import TEXTS, Whole, misfit
from pconfigs.runs.status import is_alive, process_facts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, TypeVar

    T = TypeVar("T")

_VARIABLES = (("RANK", "WORLD_SIZE"), ("SLURM_PROCID", "SLURM_NTASKS"))
_JOB = (
    ("TORCHELASTIC_RUN_ID", "MASTER_PORT", "TORCHELASTIC_RESTART_COUNT"),
    ("SLURM_JOB_ID", "SLURM_STEP_ID", "SLURM_RESTART_COUNT"),
)
PATIENCE = 600.0
"""Seconds that ranks wait for one another: large libraries take minutes to import."""
WARNING = 30.0
_PAUSE = 0.01
_REPLY = {"word": str, "answer": str, "problems": TEXTS}
_ANSWERED, _DATA = Whole(word=str, to={str: str}), Whole(word=str)
_CUT = 60
"""Characters of a question or a job that are kept in a file name."""


def rank_and_size() -> tuple[int, int]:
    """Return the rank of this process and the number of processes of its job."""
    for rank_name, size_name in _VARIABLES:
        if rank_name in os.environ and size_name in os.environ:
            try:
                rank, size = int(os.environ[rank_name]), int(os.environ[size_name])
            except ValueError:
                continue
            return (rank, size) if 0 <= rank < size else (0, 1)
    return 0, 1


def launched_folder() -> str | None:
    """Return the folder of the run that a launcher has started this process for, or None."""
    return os.environ.get("PCONFIGS_RUN") or None


def job_key() -> str:
    """Return what the processes of one start of a job have in common, and no other job has."""
    for names in _JOB:
        if names[0] in os.environ:
            return "-".join(os.environ.get(name, "0") for name in names)
    # Started by hand: on one host, by one shell or one launcher.
    return f"{os.environ.get('MASTER_ADDR', '')}-{os.environ.get('MASTER_PORT', '')}"


class Meeting:
    """Where the ranks of a job exchange small JSON files.

        NAME.json       rank 0: its word, and the word of each rank that it answers
        NAME.data.json  rank 0: its word, and what it answers
        NAME.rN.json    rank N: its word; once it has the answer, that of rank 0, too

    Args:
        folder: A folder that all ranks see; it is there while a question is asked.
        rank: Of this process.
        size: How many there are.
    """

    def __init__(self, folder: str, rank: int, size: int) -> None:
        self.folder, self.rank, self.size = folder, rank, size

    def answer(
        self, name: str, data: Mapping[str, Any], patience: float | None = None
    ) -> list[str]:
        """Give all other ranks the answer of rank 0; return their problems once all have replied.

        Args:
            name: Of the question.
            data: The answer, as JSON data.
            patience: Seconds after which rank 0 goes on without those that have not replied.

        Raises:
            RankError: Some have not replied for long.
        """
        word, answered = _new_word(), dict[str, str]()
        replies: dict[int, list[str]] = {}
        start = time.monotonic()

        def find() -> list[str] | None:
            before = dict(answered)
            for rank in range(1, self.size):
                found = (
                    None if rank in replies else self._read(of_rank(f"{name}.json", rank), _REPLY)
                )
                if found is not None and found.get("answer") == word:
                    replies[rank] = found.get("problems", [])
                elif found is not None:
                    answered[str(rank)] = found.get("word", "")
            if answered != before:
                self._write(f"{name}.json", {"word": word, "to": answered})
            over = patience is not None and time.monotonic() - start > patience
            if len(replies) < self.size - 1 and not over:
                return None
            return [line for rank in sorted(replies) for line in replies[rank]]

        try:
            self._write(f"{name}.data.json", {**data, "word": word})
            return self._wait(
                find, lambda: [f"rank {one}" for one in range(1, self.size) if one not in replies]
            )
        finally:
            self._remove(
                f"{name}.json",
                f"{name}.data.json",
                *(of_rank(f"{name}.json", rank) for rank in replies),
            )

    def ask(
        self,
        name: str,
        judge: Callable[[dict[str, Any]], Iterable[str]] = lambda _: (),
        leader: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Return what rank 0 answers to this process.

        Args:
            name: Of the question.
            judge: Returns the problems of this rank with an answer, which rank 0 is sent.
            leader: The process of rank 0, where it may take long to answer: see `process_facts`.

        Raises:
            RankError: Rank 0 has not answered for long, or its process has ended.
        """
        own, word = of_rank(f"{name}.json", self.rank), _new_word()

        def find() -> dict[str, Any] | None:
            # Rank 0 of an attempt that has just ended may have removed it as a reply of its own.
            if not os.path.exists(os.path.join(self.folder, own)):
                self._write(own, {"word": word})
            found = self._read(f"{name}.json", _ANSWERED)
            if found is None or found["to"].get(str(self.rank)) != word:
                return None
            data = self._read(f"{name}.data.json", _DATA)
            return data if data is not None and data["word"] == found["word"] else None

        try:
            self._write(own, {"word": word})
            data = self._wait(find, lambda: ["rank 0"], leader)
            problems = list(judge(data))
        except BaseException:
            self._remove(own)
            raise
        self._write(own, {"word": word, "answer": data["word"], "problems": problems})
        return data

    def _write(self, name: str, data: Mapping[str, Any]) -> None:
        path, content = os.path.join(self.folder, name), encoded(dict(data))
        while True:
            above, own = os.path.split(self.folder)
            store, claims = os.path.split(above)
            os.makedirs(store, exist_ok=True)
            own_folder(store, claims, own)
            try:
                replace(path, content)
            except FileNotFoundError:
                continue  # another rank has just removed the folder
            return

    def _read(self, name: str, shape: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return what a file holds; None where no rank has written it, or not the whole of it."""
        try:
            found: dict[str, Any] = json.loads(read_regular(os.path.join(self.folder, name)))
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.ESTALE, errno.EINVAL):
                raise
            return None
        except (ValueError, RecursionError):
            return None  # the power was cut while it was written
        return None if misfit(found, shape) else found

    def _remove(self, *names: str) -> None:
        for name in names:
            try:
                os.unlink(os.path.join(self.folder, name))
            except FileNotFoundError:
                pass
        try:
            os.rmdir(self.folder)
        except OSError:
            pass  # another question is being asked in it

    def _wait(
        self,
        find: Callable[[], T | None],
        missing: Callable[[], list[str]],
        leader: Mapping[str, Any] | None = None,
    ) -> T:
        start = time.monotonic()
        warned = False
        while (found := find()) is None:
            waited = time.monotonic() - start
            # It stays until all have its answer: one that is gone has failed.
            if leader is not None and is_alive(leader) is False:
                raise errors.RankError("rank 0 has ended", [], "see what it printed last")
            if waited > PATIENCE and leader is None:
                raise errors.RankError(
                    f"rank {self.rank} has waited {PATIENCE:.0f} s for others",
                    missing(),
                    "start all ranks with the same command, and RANK and WORLD_SIZE of the job",
                )
            if waited > WARNING and not warned:
                warned = True
                sys.stderr.write(f"rank {self.rank} waits for {', '.join(missing()[:8])}\n")
            time.sleep(_PAUSE)
        return found


_asked: dict[str, int] = {}


def next_number(question: str) -> int:
    """Return how many times this process has asked a question before: the same on all ranks."""
    _asked[question] = _asked.get(question, -1) + 1
    return _asked[question]


def meeting_at(folder: str, question: str) -> Meeting | None:
    """Return where the ranks of this job meet for a question; None for a job of one process."""
    rank, size = rank_and_size()
    if size == 1:
        return None
    return Meeting(os.path.join(folder, f"ranks-{_in_name(f'{job_key()}-{question}')}"), rank, size)


def unrecorded_meeting() -> Meeting | None:
    """Return where ranks on one host meet outside a recorded run; None for one process.

    Raises:
        RankError: They are on several hosts, or the folder is that of another user.
    """
    size = rank_and_size()[1]
    if size == 1:
        return None
    here = os.environ.get("LOCAL_WORLD_SIZE", os.environ.get("SLURM_TASKS_PER_NODE", str(size)))
    if here != str(size):
        hint = "record the run: its store is a folder that all hosts see"
        raise errors.RankError(
            f"the {size} ranks are on several hosts, and share no folder", [], hint
        )
    from tempfile import gettempdir  # recorded runs do not need it

    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = os.path.join(gettempdir(), f"pconfigs-{user}")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    if os.lstat(folder).st_uid != user:
        raise errors.RankError(f"{folder} belongs to another user", [], "remove it, or set TMPDIR")
    return meeting_at(folder, f"{os.getppid()}")


def meeting_folder(store_folder: str) -> str:
    """Return the folder of a store in which ranks meet."""
    return os.path.join(store_folder, ".claims")


def once(meeting: Meeting | None, key: str, function: Callable[[], Any]) -> Any:
    """Call `function` on rank 0; return its result, or raise its error, on every rank.

    Raises:
        RankError: It raised on rank 0; on rank 0 what it raised.
        TypeError: Its result is not JSON data.
    """
    if meeting is None:
        return json.loads(json.dumps(function()))
    name = f"once-{_in_name(key)}-{next_number(key)}"
    begins = f"{name}-begins"
    if meeting.rank:
        # It may load data for hours: others wait as long as it is not known to be gone.
        found = meeting.ask(name, leader=meeting.ask(begins)["process"])
        if "error" in found:
            raise errors.RankError(f"prun.once({key!r}) failed on rank 0", [found["error"]])
        return found["result"]
    meeting.answer(begins, {"process": process_facts()})
    error: Exception | None = None
    answer: dict[str, Any]
    try:
        answer = {"result": function()}
        json.dumps(answer)
    except Exception as raised:
        error = raised
        answer = {"error": f"{type(raised).__qualname__}: {raised}"}
    meeting.answer(name, answer)
    if error is not None:
        raise error
    return json.loads(json.dumps(answer["result"]))


def _new_word() -> str:
    return os.urandom(16).hex()


def _in_name(text: str) -> str:
    """Return a text as a part of a file name; texts that differ have names that differ."""
    import hashlib  # a single process does not wait for it

    words = "".join(c if c.isascii() and c.isalnum() else "_" for c in text[-_CUT:])
    content = text.encode("utf-8", "surrogatepass")  # a variable may have any bytes
    return f"{words}-{hashlib.sha256(content).hexdigest()[:8]}"
