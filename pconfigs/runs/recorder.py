"""The recorder: the life of one attempt of a run, from its start to its end."""

from __future__ import annotations

import os
import time

from pconfigs.atomic_files import own_folder
from pconfigs.runs import capture, lineage
from pconfigs.runs.attempts import Attempt, active
from pconfigs.runs.capture.config_reads import ConfigReads
from pconfigs.runs.capture.git import GitCapture
from pconfigs.runs.capture.host import attempt_facts
from pconfigs.runs.capture.sources import Sources, is_project_file
from pconfigs.runs.capture.tracing import Tracing
from pconfigs.runs.folder import ATTEMPTS, CODE_FILE, LOG, STATUS, RunFolder, encoded, of_rank
from pconfigs.runs.lineage.detection import consumes
from pconfigs.runs.location import project_folder
from pconfigs.runs.masking import Masker, secrets_of
from pconfigs.runs.metrics import MetricsFile, last_values
from pconfigs.runs.planning import Plan
from pconfigs.runs.ranks import (
    Meeting,
    launched_folder,
    meeting_at,
    meeting_folder,
    next_number,
)
from pconfigs.runs.status import (
    DONE,
    FAILED,
    REQUEUE,
    REQUEUED,
    STOPPED,
    Status,
    ended,
    is_alive,
    running,
)
from pconfigs.runs.store import CLAIM_AGE, Store
from pconfigs.runs.streams import LogFile, Streams, descriptors_to, warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import FrameType, TracebackType
    from typing import Any, Self

    from pconfigs.runs.capture.output import MaskedOutput
    from pconfigs.runs.lineage.consumption import Resolved

INTERRUPTED = 130
LONGEST_ERROR = 2000
"""Characters of the text of an exception that are recorded."""
_DAY = 86400.0
FACTS_AGE = 2.0
"""Seconds after which a claim of an attempt has its facts, unless its process has ended."""


class Recording(Attempt):
    """Records what runs between `with` and its end as one attempt of a run."""

    def __init__(
        self,
        folder: RunFolder,
        number: int,
        config: Any,
        masker: Masker,
        before: Status,
        meeting: Meeting | None = None,
    ) -> None:
        super().__init__(folder, number, config, masker, meeting)
        self.reads = ConfigReads(folder, self.rank)
        self._before = before
        self._exit_code = 0
        self._owner = os.getpid()
        self._project = project_folder()
        self._started, self._clock = time.time(), time.monotonic()
        is_launched = launched_folder() == folder.path
        # An engine copies the output of all ranks to the log of rank 0.
        self._own = descriptors_to(self.log_path, is_launched and not self.rank)
        self._shared = descriptors_to(folder.file(LOG), is_launched)
        self._git = GitCapture(self._project, folder.path, self._masker)

    def __enter__(self) -> Self:
        begun: list[Callable[[], object]] = []
        try:
            self._begin(begun)
        except BaseException as error:
            for end in reversed(begun):
                end()
            self._note_failed_start(error)
            raise
        return self

    def _begin(self, begun: list[Callable[[], object]]) -> None:
        """Open and start all parts; add to `begun` what ends each of them."""
        folder = self.folder
        self._metrics = MetricsFile(folder.path, self.rank, self.number)
        begun.append(self._metrics.close)
        if self.number > 1:
            self.last = last_values(self._metrics.path)
        self._log = LogFile(self.log_path, self._masker)
        begun.append(self._log.close)
        self._output = self._mask_output()
        if self.rank == 0:
            begun.append(self._git.stop)
            self._git.start()
        self._sources = Sources(folder.store_folder, self._project)
        self._write_code(traced=False, functions={})
        active.enter(self)
        begun.append(active.leave)
        self._streams = Streams(self._log, self._own)
        begun.append(self._streams.close)
        self._tracing = Tracing()

    def _mask_output(self) -> MaskedOutput | None:
        """Mask what a launched run writes to its log by descriptors, if it has secrets."""
        if not self._shared or not self._masker:
            return None
        # Here, so that other runs do not load it.
        from pconfigs.runs.capture.output import mask_output

        return mask_output(self.folder.file(LOG), self._shared, self._masker.secrets)

    def _note_failed_start(self, error: BaseException) -> None:
        """Write the end of an attempt that could not begin."""
        state, exit_code = _outcome(error, 0, False)
        try:
            if self.rank == 0:
                self._write_end(ended(state, exit_code), self._error_facts(error, ""))
        except OSError as problem:
            error.add_note(f"{self.folder.shown}: the end could not be recorded: {problem}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if os.getpid() != self._owner:
            return  # a forked child that went on beyond the block
        state, exit_code = _outcome(error, self._exit_code, active.is_stopping)
        active.leave()
        with _Uninterrupted():
            self._finish(state, exit_code, error)

    def _finish(self, state: str, exit_code: int, error: BaseException | None) -> None:
        """Write the end of the attempt."""
        facts = None
        self._tracing.stop()
        self.reads.stop()
        self._streams.close()
        if error is not None and state == FAILED:
            facts = self._error_facts(error, self._place(error))
            if not self.is_own_log:
                import traceback

                self._log.write("".join(traceback.format_exception(error)))
        problems = self._complete(ended(state, exit_code), facts)
        if problems:
            shown = "; ".join(problems)
            warn(f"{self.folder.shown}: the record is incomplete: {shown}")

    @property
    def log_path(self) -> str:
        """The path of the log of this process."""
        return self.folder.file(of_rank(LOG, self.rank))

    @property
    def is_own_log(self) -> bool:
        """Whether stderr goes to the run's log already, as it does in a launched job."""
        return 2 in self._own

    def returned(self, exit_code: int) -> None:
        """Note the exit code that the block ends with."""
        self._exit_code = exit_code

    def _write_code(self, traced: bool, functions: Mapping[str, Any]) -> None:
        code = {"traced": traced, "files": self._sources.files(), "functions": functions}
        self.folder.write(of_rank(CODE_FILE, self.rank), code)

    def _error_facts(self, error: BaseException, place: str) -> dict[str, str]:
        # A text may be of a subclass of str: joined, it is a str.
        text = self._masker.text("".join(str(error)))[:LONGEST_ERROR]
        return {"type": type(error).__qualname__, "text": text, "place": place}

    def _place(self, error: BaseException) -> str:
        """Return file, line and function of the last frame in the project's code."""
        place = ""
        trace = error.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            if is_project_file(code.co_filename):
                file = self._sources.shown(code.co_filename)
                place = f"{file}:{trace.tb_lineno} in {code.co_qualname}"
            trace = trace.tb_next
        return place

    def _complete(self, end: Mapping[str, Any], error: Mapping[str, str] | None) -> list[str]:
        """Complete all files; return what could not be written."""
        drained = None if self._output is None else self._output.drain()
        problem = drained or self._log.problem
        problems = [] if problem is None else [f"log: {problem}"]
        functions = self._sources.functions(self._tracing.codes)
        steps: list[Callable[[], object]] = [
            lambda: self._write_code(self._tracing.works, functions),
            self.reads.write,
        ]
        if self.rank == 0:
            steps += [
                lambda: self._finish_git(problems),
                # The status first: a run that is killed after it is done, and does not go on.
                lambda: self._write_end(end, error),
                lambda: self._finish_attempt({**end, "seeds": self._tracing.seeds.at_end()}),
            ]
        # A full disk takes one file, not those that are written after it.
        for step in (*steps, self._metrics.close, self._log.close):
            try:
                step()
            except OSError as problem:
                problems.append(str(problem))
        return problems

    def _finish_git(self, problems: list[str]) -> None:
        problem = self._git.finish()
        if problem is not None:
            problems.append(problem)

    def _finish_attempt(self, end: Mapping[str, Any]) -> None:
        name = f"{ATTEMPTS}/{self.number}.json"
        self.folder.write(name, {**(self.folder.read(name) or {}), **end})

    def _write_end(self, end: Mapping[str, Any], error: Mapping[str, str] | None) -> None:
        """Write the final status."""
        took = round(self._before.took + time.monotonic() - self._clock, 3)
        more = {"took": took, "error": error, "last": self.last}
        status = {**running(self.number, self._started), **end, **more}
        self.folder.write(STATUS, status, final=True)


def begin(
    recording: Recording,
    facts: Mapping[str, Any],
    resolved: Resolved | None,
    trackers: Sequence[str],
) -> Any:
    """Return the config that a recording is of, resolved, and note from now on what is read of it.

    Args:
        recording: It has been entered.
        facts: Those of the run in run.json.
        resolved: The config with its artifacts resolved; None where that is still to be done.
        trackers: Names of those that the run is sent to.
    """
    config = recording.config
    try:
        if consumes(config, facts):
            config = lineage.consumption.consume(recording, resolved)
    finally:  # trackers are sent the resolved config, or that it cannot be resolved
        if recording.rank == 0 and trackers:
            capture.followers.start_followers(recording.folder, trackers)
    recording.reads.watch(config)
    return config


def start(store: Store, plan: Plan) -> Recording:
    """Claim a folder for `plan`, and return what records its first attempt.

    Of several ranks, rank 0 claims; all of them agree on what they run first.

    Raises:
        StoreError: The store cannot be written.
        UnsavableError: The config cannot be saved.
        RankError: The ranks differ.
    """
    store.refuse_newer()

    def claim() -> tuple[RunFolder, int]:
        now = time.time()
        files = {
            **plan.files(),
            STATUS: encoded(running(1, now)),
            f"{ATTEMPTS}/1.json": encoded(attempt_facts(plan.config, now, plan.masker)),
        }
        path = store.claim(plan.stem, files, smoke=plan.smoke)
        assert path is not None
        return RunFolder(path), 1

    return _recording(store.folder, plan.config, plan.masker, claim, Status({}))


def resume(folder: RunFolder, config: Any) -> Recording:
    """Return what records the next attempt of a run in its own folder.

    Raises:
        FileExistsError: Another process has just started that attempt.
        RankError: The ranks differ.
    """
    before, masker = folder.status(), Masker(secrets_of(config))

    def claim() -> tuple[RunFolder, int]:
        attempt, now = before.attempt + 1, time.time()
        facts = attempt_facts(config, now, masker)
        while _is_leftover(folder, attempt):
            attempt += 1
        name = f"{ATTEMPTS}/{attempt}.json"
        own_folder(folder.path, ATTEMPTS)
        os.makedirs(folder.files, exist_ok=True)
        os.close(os.open(folder.file(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        folder.write(name, facts)
        folder.write(STATUS, {**running(attempt, now), "took": before.took})
        return folder, attempt

    return _recording(folder.store_folder, config, masker, claim, before)


def _is_leftover(folder: RunFolder, attempt: int) -> bool:
    """Return whether an attempt was claimed by a process that ended before it wrote the status.

    Facts follow a claim at once: one that stays without them is a leftover. A process that cannot
    be seen from here has some time to write the status, too.
    """
    name = f"{ATTEMPTS}/{attempt}.json"
    try:
        age = time.time() - os.stat(folder.file(name)).st_mtime
    except FileNotFoundError:
        return False
    process = folder.read_whole(name).get("process")
    if not process and age < FACTS_AGE:
        time.sleep(FACTS_AGE - max(age, 0.0))
        process = folder.read_whole(name).get("process")
    alive = is_alive(process) if process else False
    # More than a day ahead, its clock was wrong: it would be waited for until then.
    return not -_DAY < age <= CLAIM_AGE if alive is None else not alive


def _recording(
    store_folder: str,
    config: Any,
    masker: Masker,
    claim: Callable[[], tuple[RunFolder, int]],
    before: Status,
) -> Recording:
    """Return what records an attempt that `claim` claims, on all ranks of the job."""
    number = next_number("start")
    meeting = meeting_at(meeting_folder(store_folder), f"{number}")
    if meeting is None:
        return Recording(*claim(), config, masker, before)
    # Here, so that a single process does not wait for it.
    from pconfigs.runs.agreement import agree_on

    folder, attempt = agree_on(meeting, config, store_folder, claim)
    return Recording(folder, attempt, config, masker, before, meeting)


def _outcome(error: BaseException | None, exit_code: int, stop: bool) -> tuple[str, int]:
    """Return state and exit code of an attempt that ends now."""
    if isinstance(error, KeyboardInterrupt):
        return STOPPED, INTERRUPTED
    if isinstance(error, SystemExit):
        code = error.code
        exit_code = code if isinstance(code, int) else int(code is not None)
    elif error is not None:
        return FAILED, 1
    if exit_code == REQUEUE:
        return REQUEUED, exit_code
    if exit_code:
        return FAILED, exit_code
    # A program that ends after it was asked to stop may have done a part only.
    return (STOPPED if stop else DONE), 0


class _Uninterrupted:
    """Lets signals that ask for an end wait: what has run is recorded before they are heeded.

    Only the main thread can do that; signals raise in no other.
    """

    def __init__(self) -> None:
        self._before: dict[int, Any] = {}
        self._noted: list[int] = []

    def __enter__(self) -> None:
        import signal

        try:
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._note)
        except ValueError:
            return

    def __exit__(self, *error: object) -> None:
        import signal

        for number, handler in self._before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        for number in dict.fromkeys(self._noted):
            signal.raise_signal(number)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._noted.append(number)
