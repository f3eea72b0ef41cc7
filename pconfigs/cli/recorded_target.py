"""The targets that runs and saved configs are."""

from __future__ import annotations

import sys

from pconfigs.imports import Target

TYPE_CHECKING = False  # every recorded run imports this
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.runs.reading.runs import Run


class RecordedTarget(Target):
    """A run or a saved config.

    Attributes:
        run: The run; None for a saved config.
        base: The experiment that was run, as it is today; None where it is gone.
    """

    __slots__ = ("base", "run")

    def __init__(self, text: str, config: Any, run: Run | None, base: Target | None) -> None:
        cls = type(config)
        module = sys.modules[cls.__module__] if base is None else base.module
        attribute = cls.__qualname__ if base is None else base.attribute
        super().__init__(text, config, module, attribute)
        self.run, self.base = run, base

    @property
    def experiment(self) -> Target | None:
        """The experiment that was run; None where it is gone."""
        return self.base

    @property
    def dotted(self) -> str:
        """The dotted path of the experiment; the text of the target where none is known."""
        return self.text if self.base is None else self.base.dotted
