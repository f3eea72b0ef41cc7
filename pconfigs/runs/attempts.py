"""Attempts: what a program reaches of the run that this process records.

`prun` asks `active` for the attempt; only the recorder puts one there.
"""

from __future__ import annotations

import os

from pconfigs import errors
from pconfigs.annotations.kinds import is_dict, is_sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType
    from typing import Any

    from pconfigs.runs.capture.config_reads import ConfigReads
    from pconfigs.runs.folder import RunFolder
    from pconfigs.runs.masking import Masker
    from pconfigs.runs.metrics import MetricsFile
    from pconfigs.runs.ranks import Meeting


class Attempt:
    """One attempt of a run, in one process.

    Attributes:
        folder: The run's.
        number: Counted from 1.
        meeting: Where the ranks of the attempt meet; None for one process.
        rank: Which process of the attempt this is.
        config: What it runs, as planned until its artifacts are resolved.
        last: Last values of the metrics.
        reads: What is read of the config.
    """

    reads: ConfigReads
    _metrics: MetricsFile

    def __init__(
        self,
        folder: RunFolder,
        number: int,
        config: Any,
        masker: Masker,
        meeting: Meeting | None = None,
    ) -> None:
        self.folder, self.number, self.meeting = folder, number, meeting
        self.config = config
        self.rank = 0 if meeting is None else meeting.rank
        self.last: dict[str, Any] = {}
        self._masker = masker
        self._logger = os.getpid()

    def masked(self, value: Any) -> Any:
        """Return JSON data without secrets."""
        if is_dict(value):
            return {self.masked(key): self.masked(item) for key, item in value.items()}
        if is_sequence(value):
            return [self.masked(item) for item in value]
        return self._masker.value(value)

    def log(self, step: int | None, row: Mapping[str, Any]) -> None:
        """Append one row of checked values."""
        if self._masker:
            mask = self._masker.text
            row = {mask(k): self._masker.value(v) for k, v in row.items()}
        if os.getpid() != self._logger:
            self._logger = os.getpid()
            self._metrics = self._metrics.of_child()
        self._metrics.write(step, row)
        self.last.update(row)


class Active:
    """The attempt that this process records, and whether it was asked to stop.

    Attributes:
        attempt: None outside a recorded run.
        is_stopping: Whether a signal has asked for the end.
    """

    __slots__ = ("_handled", "attempt", "is_stopping")

    def __init__(self) -> None:
        self.attempt: Attempt | None = None
        self.is_stopping = False
        self._handled: list[int] = []

    def refuse_second(self) -> None:
        """Raise RunUseError where this process records a run."""
        if self.attempt is not None:
            name = self.attempt.folder.name
            raise errors.RunUseError(
                name, "a run is being recorded in this process", ["end it first"]
            )

    def enter(self, attempt: Attempt) -> None:
        """Make an attempt the one that is recorded.

        Raises:
            RunUseError: There is one already.
        """
        self.refuse_second()
        self.attempt = attempt
        self.is_stopping = False

    def leave(self) -> None:
        """Record no more, and let signals end the program again."""
        self.attempt = None
        if not self._handled:
            return
        import signal

        for number in self._handled:
            if signal.getsignal(number) == self._stop:
                signal.signal(number, signal.SIG_DFL)
        self._handled = []

    def heed_signals(self) -> None:
        """Let the first signal that asks for an end only be noted, from now on.

        Signals that something else handles are left to it.
        """
        if self._handled:
            return
        import signal

        try:
            for name in ("SIGTERM", "SIGUSR1"):
                number = getattr(signal, name, None)
                # A launched run ignores the warning before its time limit until it heeds it.
                free = (signal.SIG_DFL, signal.SIG_IGN) if name == "SIGUSR1" else (signal.SIG_DFL,)
                if number is not None and signal.getsignal(number) in free:
                    signal.signal(number, self._stop)
                    self._handled.append(number)
        except ValueError:
            pass  # only the main thread can do that

    def _stop(self, number: int, frame: FrameType | None) -> None:
        import signal

        self.is_stopping = True
        signal.signal(number, signal.SIG_DFL)


active = Active()
