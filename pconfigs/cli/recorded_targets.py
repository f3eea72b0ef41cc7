"""Runs and saved configs as targets."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pconfigs.errors.base import PConfigError
from pconfigs.errors.targets import SAVED_CONFIGS
from pconfigs.imports import Target, resolve
from pconfigs.runs.reading.configs import recorded_config, saved_config
from pconfigs.runs.reading.lookup import find_run

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


def recorded_target(text: str, drift: str = "as-saved") -> RecordedTarget:
    """Return what a reference to a run, a run's folder or the file of a saved config leads to.

    Args:
        text: The target.
        drift: What to do where code computes other values today: see `pload`.

    Raises:
        RunNotFoundError: There is no such run.
        RunUseError: The run's config cannot be loaded today.
        LoadError: The file is not a config.
    """
    if text.lower().endswith(SAVED_CONFIGS) and not text.startswith("@"):
        return RecordedTarget(text, saved_config(text, drift), None, None)
    run = find_run(text)
    return RecordedTarget(text, recorded_config(run, drift), run, experiment_of(run))


def experiment_of(run: Run) -> Target | None:
    """Return the experiment that was run, as it is today; None where it is gone."""
    if run.target is None:
        return None
    try:
        return resolve(run.target)
    except (PConfigError, AttributeError):
        return None
