"""Tracing: which functions ran, seen by `sys.monitoring` on Python 3.12 and later.

Each code object is reported once and then runs as if it were not watched, but for the calls that
seed a generator.
"""

from __future__ import annotations

import sys

from pconfigs.runs.capture.seeding import SEED, Seeds, names_none
from pconfigs.schema.build_record import getframe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any

TOOLS = (4, 3)
"""Identifiers that no tool has by convention (debuggers, coverage, profilers, optimizers do)."""


class Tracing:
    """Collects the code objects that start to run until it is stopped.

    Attributes:
        codes: Those seen.
        seeds: What generators were seeded with.
        works: Whether this Python can do it, and no other tools are in the way.
    """

    def __init__(self) -> None:
        # Not a set: the hash of a code object is that of all of its bytecode and constants.
        self.codes: list[CodeType] = []
        self.seeds = Seeds()
        self._tool: int | None = None
        self._seeding: list[CodeType] = []
        monitoring: Any = getattr(sys, "monitoring", None)
        if monitoring is None:
            return
        for tool in TOOLS:
            if monitoring.get_tool(tool) is None:
                monitoring.use_tool_id(tool, "pconfigs")
                self._tool = tool
                break
        else:
            return
        self._watch(monitoring, self._tool)

    def _watch(self, monitoring: Any, tool: int) -> None:
        add, disable = self.codes.append, monitoring.DISABLE
        start, call = monitoring.events.PY_START, monitoring.events.CALL

        def watch_seeding(code: CodeType) -> None:
            self._seeding.append(code)
            monitoring.set_local_events(tool, code, call)

        def seen(code: CodeType, offset: int) -> Any:
            # Thousands of functions start in the first second of a program: few are asked more.
            if code.co_name == SEED and self.seeds.note_start(code):
                return None  # again at the next seed
            add(code)
            if not names_none(code.co_names):
                watch_seeding(code)
            return disable

        def called(code: CodeType, offset: int, function: object, argument: object) -> Any:
            return None if self.seeds.note_call(function, argument) else disable

        monitoring.register_callback(tool, start, seen)
        monitoring.register_callback(tool, call, called)
        monitoring.set_events(tool, start)
        # What another run in this process has seen is reported once more.
        monitoring.restart_events()
        frame: FrameType | None = getframe()
        while frame is not None:  # a recorded block is in a function that has started before
            if not names_none(frame.f_code.co_names):
                watch_seeding(frame.f_code)
            frame = frame.f_back

    @property
    def works(self) -> bool:
        """Whether functions that run are seen."""
        return self._tool is not None

    def stop(self) -> None:
        """See nothing more."""
        if self._tool is None:
            return
        monitoring: Any = vars(sys)["monitoring"]  # since Python 3.12
        monitoring.set_events(self._tool, 0)
        for code in self._seeding:
            monitoring.set_local_events(self._tool, code, 0)
        for event in (monitoring.events.PY_START, monitoring.events.CALL):
            monitoring.register_callback(self._tool, event, None)
        monitoring.free_tool_id(self._tool)
