"""Reads: which fields of its config a run reads, each noted until it has been read once."""

from __future__ import annotations

from pconfigs.runs.folder import READS, RunFolder, of_rank
from pconfigs.tree.read_recorder import ReadRecorder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

MOST = 1000
"""Reads of a field after which all configs of its class count as read, so that it costs nothing."""


class ConfigReads:
    """Notes the fields that one process reads of the config of a run."""

    def __init__(self, folder: RunFolder, rank: int) -> None:
        self._folder, self._name = folder, of_rank(READS, rank)
        self._recorder: ReadRecorder | None = None
        self._paths: dict[str, None] = {}

    def watch(self, config: Any) -> None:
        """Note what is read of a config from now on."""
        self._recorder = ReadRecorder(config, MOST)
        self._recorder.__enter__()

    def stop(self) -> None:
        """Note nothing more."""
        if self._recorder is not None:
            self._recorder.__exit__()
            self.add(self._recorder.paths())
            self._recorder = None

    def add(self, paths: Iterable[str]) -> None:
        """Note fields that were read."""
        self._paths.update(dict.fromkeys(paths))

    def write(self) -> None:
        """Write what was read by this attempt and those before."""
        before = self._folder.read_whole(self._name).get("read", [])
        self._folder.write(self._name, {"read": list(dict.fromkeys([*before, *self._paths]))})
