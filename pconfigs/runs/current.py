"""`prun`: the current run, reached from anywhere in a program."""

from __future__ import annotations

from pconfigs import runs
from pconfigs.locks import ScratchFolder
from pconfigs.runs import lineage
from pconfigs.runs.attempts import active
from pconfigs.schema.class_schema import require_config

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Any, TypeVar

    from pconfigs.artifacts.version import Version
    from pconfigs.runs.recorder import Recording

    T = TypeVar("T")

_PLAIN = frozenset((int, float, str, bool))
_LARGE = 1 << 63
"""Whole numbers from here on are looked at: steps must be smaller, and values fit into a float."""
_NOTHING: dict[str, Any] = {}


class CurrentRun:
    """The current run; outside a recorded run, what is given to it is only checked.

    Attributes:
        REQUEUE: Exit code of a run that is to be continued; `main` returns it.
    """

    REQUEUE = 85

    def __init__(self) -> None:
        self._temporary: Path | None = None

    def __repr__(self) -> str:
        return f"<prun: {self.id or 'no recorded run'}>"

    def __reduce__(self) -> str:
        return "prun"  # the object of the process that unpickles it

    def log(
        self, values: Mapping[str, Any] = _NOTHING, /, *, step: int | None = None, **more: Any
    ) -> None:
        """Record one row of metrics: `prun.log(step=3, loss=0.25)`.

        Args:
            values: By names that are no Python names: `{"val:accuracy": 0.9}`. A nested mapping is
                flattened with dots.
            step: Of the training; rows that a later attempt logs for a step replace earlier ones.
            more: Numbers, strings, booleans, or scalars of numpy and torch.

        Raises:
            LogError: A value is anything else.
            OSError: The row could not be written.
        """
        row: dict[str, Any] = {**values, **more} if values else more
        if len(row) != len(values) + len(more):
            raise runs.metrics.given_twice(values, more)
        for name, value in row.items():
            kind = type(value)
            if (
                kind not in _PLAIN
                or type(name) is not str
                or (kind is int and not -_LARGE <= value < _LARGE)
            ):
                row = runs.metrics.checked(row)
                break
        if step is not None and (type(step) is not int or not -_LARGE <= step < _LARGE):
            step = runs.metrics.checked_step(step)
        if active.attempt is not None:
            active.attempt.log(step, row)

    def log_artifact(
        self, name: str, path: str | Path, /, *, copy: bool = False, **metadata: Any
    ) -> Version | None:
        """Log files as a version of an artifact: `prun.log_artifact("policy", folder, step=7)`.

        The next version is made, or the newest is meant again where content and metadata are the
        same. The files stay where they are and must not be changed afterwards.

        Args:
            name: Of the artifact: letters, digits, `_`, `.` and `-`.
            path: A file or a folder, or the URL of one: `"s3://bucket/tokens"`.
            copy: Whether the files are copied into the store.
            metadata: JSON values that consumers read: `iteration=1000`. `type` is for people.

        Returns:
            The version, or None outside a recorded run.

        Raises:
            ArtifactError: The name, the path or a value cannot be logged.
        """
        plain = lineage.production.checked_artifact(name, path, metadata)
        if active.attempt is None:
            return None
        return lineage.production.log_artifact(active.attempt, name, path, plain, copy=copy)

    @property
    def dir(self) -> Path:
        """The run's own folder for files; outside a recorded run a temporary one."""
        from pathlib import Path

        if active.attempt is not None:
            return Path(active.attempt.folder.files)
        if self._temporary is None:
            import atexit

            scratch = ScratchFolder()
            atexit.register(scratch.remove)
            self._temporary = Path(scratch.path)
        return self._temporary

    @property
    def id(self) -> str | None:
        """The run's name, unique in its store; None outside a recorded run."""
        return None if active.attempt is None else active.attempt.folder.name

    @property
    def config(self) -> Any:
        """The config of the run, its artifacts resolved; None outside a recorded run."""
        return None if active.attempt is None else active.attempt.config

    @property
    def attempt(self) -> int:
        """Number of the attempt, from 1."""
        return 1 if active.attempt is None else active.attempt.number

    @property
    def rank(self) -> int:
        """Which of the processes of the run this is, from 0."""
        return runs.ranks.rank_and_size()[0]

    @property
    def world_size(self) -> int:
        """How many processes the run has."""
        return runs.ranks.rank_and_size()[1]

    @property
    def stop_requested(self) -> bool:
        """Whether the run was asked to stop, by SIGTERM or by the warning before a time limit.

        From the first time that this is read (in the main thread) such a signal ends the program no
        longer; a second one does.
        """
        active.heed_signals()
        return active.is_stopping

    def once(self, key: str, function: Callable[[], T], /) -> T:
        """Call `function` on rank 0 and return its result, or raise its error, on every rank.

        Args:
            key: Name of the question, the same on all ranks.
            function: Returns JSON data.
        """
        attempt = active.attempt
        meeting = runs.ranks.unrecorded_meeting() if attempt is None else attempt.meeting
        answer: T = runs.ranks.once(meeting, key, function)
        return answer

    def record(self, config: Any, /, *, name: str | None = None) -> RecordedBlock:
        """Record a block as a run of `config`: `with prun.record(config): ...`.

        A store is made where the project has none. Artifacts are resolved before the block begins:
        `prun.config` has their paths and metadata in it.

        Args:
            config: What the block runs.
            name: Of the run; the experiment's own name by default.
        """
        require_config("prun.record", config)
        return RecordedBlock(self, config, name)


class RecordedBlock:
    """Records the block of a `with` statement as a run: see `CurrentRun.record`."""

    def __init__(self, run: CurrentRun, config: Any, name: str | None) -> None:
        self._run, self._config, self._name = run, config, name
        self._recording: Recording | None = None

    def __enter__(self) -> CurrentRun:
        self._recording = runs.blocks.begin_block(self._config, self._name)
        return self._run

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._recording is not None
        self._recording.__exit__(kind, error, trace)


prun = CurrentRun()
