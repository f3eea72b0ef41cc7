"""Tracing: which functions ran, seen by `sys.monitoring` on Python 3.12 and later.

Each code object is reported once and then runs as if it were not watched.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

TOOLS = (4, 3)
"""Identifiers that no tool has by convention (debuggers, coverage, profilers, optimizers do)."""


class Tracing:
    """Collects the code objects that start to run until it is stopped.

    Attributes:
        codes: Those seen.
        works: Whether this Python can do it, and no other tools are in the way.
    """

    def __init__(self) -> None:
        self.codes: set[CodeType] = set()
        self._tool: int | None = None
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
        add, disable = self.codes.add, monitoring.DISABLE

        def seen(code: CodeType, offset: int) -> Any:
            add(code)
            return disable

        monitoring.register_callback(self._tool, monitoring.events.PY_START, seen)
        monitoring.set_events(self._tool, monitoring.events.PY_START)
        # What another run in this process has seen is reported once more.
        monitoring.restart_events()

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
        monitoring.register_callback(self._tool, monitoring.events.PY_START, None)
        monitoring.free_tool_id(self._tool)
