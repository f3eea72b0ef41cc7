"""Ranks: several processes of one run, which share one folder and must agree.

Rank 0 publishes what it starts in a small file; the others compare it with their own, and reply.
All go on once all agree, or all stop with the first difference of each. The files are in a folder
that is named after the job; a leftover of an earlier job is recognized by its process, which is
gone.
"""

from __future__ import annotations

import json
import os
import sys
import time

from pconfigs import errors
from pconfigs.runs.folder import encoded, replace
from pconfigs.runs.status import is_alive, process_facts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
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

    Args:
        folder: A folder that all ranks see; it is made.
        rank: Of this process.
        size: How many there are.
    """

    def __init__(self, folder: str, rank: int, size: int) -> None:
        self.folder, self.rank, self.size = folder, rank, size
        os.makedirs(folder, exist_ok=True)

    def offer(self, name: str, data: Mapping[str, Any]) -> str:
        """Publish what rank 0 has to say under a name; return the mark that replies carry."""
        mark = f"{os.getpid()}-{time.monotonic_ns()}"
        self._write(f"{name}.json", {"mark": mark, "process": process_facts(), **data})
        return mark

    def wait_for_offer(self, name: str) -> dict[str, Any]:
        """Return what rank 0 has published, once it has."""

        def find() -> dict[str, Any] | None:
            found = self._read(f"{name}.json")
            stale = found is not None and is_alive(found["process"]) is False
            return None if stale else found

        return self._wait(find, lambda: ["rank 0"])

    def reply(self, name: str, mark: str, problems: Sequence[str] = ()) -> None:
        """Answer what rank 0 has published under a name."""
        self._write(f"{name}.r{self.rank}.json", {"mark": mark, "problems": list(problems)})

    def wait_for_replies(self, name: str, mark: str, patience: float | None = None) -> list[str]:
        """Return the problems of all ranks, once all have replied, or `patience` has passed."""
        start = time.monotonic()
        replies: dict[int, list[str]] = {}

        def find() -> list[str] | None:
            for rank in range(1, self.size):
                if rank not in replies:
                    found = self._read(f"{name}.r{rank}.json")
                    if found is not None and found["mark"] == mark:
                        replies[rank] = found["problems"]
            over = patience is not None and time.monotonic() - start > patience
            if len(replies) < self.size - 1 and not over:
                return None
            return [line for rank in sorted(replies) for line in replies[rank]]

        return self._wait(
            find, lambda: [f"rank {one}" for one in range(1, self.size) if one not in replies]
        )

    def decide(self, name: str, mark: str, problems: Sequence[str]) -> None:
        """Publish whether all go on."""
        self._write(f"{name}.verdict.json", {"mark": mark, "problems": list(problems)})

    def wait_for_verdict(self, name: str, mark: str) -> list[str]:
        """Return the problems of all ranks; none where rank 0 has gone on and ended already."""

        def find() -> list[str] | None:
            if not os.path.exists(os.path.join(self.folder, f"{name}.r{self.rank}.json")):
                return []
            found = self._read(f"{name}.verdict.json")
            if found is None or found["mark"] != mark:
                return None
            problems: list[str] = found["problems"]
            return problems

        return self._wait(find, lambda: ["the other ranks"])

    def remove(self, name: str | None = None) -> None:
        """Remove the files of a name; without one, all of them and the folder."""
        for file in os.listdir(self.folder):
            if name is None or file.startswith(f"{name}."):
                os.unlink(os.path.join(self.folder, file))
        if name is None:
            os.rmdir(self.folder)

    def _write(self, name: str, data: Mapping[str, Any]) -> None:
        replace(os.path.join(self.folder, name), encoded(dict(data)))

    def _read(self, name: str) -> dict[str, Any] | None:
        try:
            with open(os.path.join(self.folder, name), "rb") as file:
                found: dict[str, Any] = json.loads(file.read())
        except FileNotFoundError:
            return None
        return found

    def _wait(self, find: Callable[[], T | None], missing: Callable[[], list[str]]) -> T:
        start = time.monotonic()
        warned = False
        while (found := find()) is None:
            waited = time.monotonic() - start
            if waited > PATIENCE:
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
    words = "".join(c if c.isalnum() else "_" for c in f"{job_key()}-{question}")
    return Meeting(os.path.join(folder, f"ranks-{words[-100:]}"), rank, size)


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
    safe = "".join(c if c.isalnum() else "_" for c in key)
    name = f"once-{safe}-{next_number(key)}"
    if meeting.rank == 0:
        error: Exception | None = None
        answer: dict[str, Any]
        try:
            answer = {"result": function()}
            json.dumps(answer)
        except Exception as raised:
            error = raised
            answer = {"error": f"{type(raised).__qualname__}: {raised}"}
        mark = meeting.offer(name, answer)
        # Rank 0 stays until all have read the answer: it may end right after.
        meeting.wait_for_replies(name, mark)
        meeting.remove(name)
        if error is not None:
            raise error
        return json.loads(json.dumps(answer["result"]))
    found = meeting.wait_for_offer(name)
    meeting.reply(name, found["mark"])
    if "error" in found:
        raise errors.RankError(f"prun.once({key!r}) failed on rank 0", [found["error"]])
    return found["result"]
