"""Targets of commands: experiments by dotted path or file, recorded runs, saved configs."""

from __future__ import annotations

import os
import sys

from pconfigs.errors.targets import UsageError
from pconfigs.imports import Target, resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.runs.reading.runs import Run

SAVED = (".json", ".yaml", ".yml", ".toml")
RUN_MARK = "@"


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
    def dotted(self) -> str:
        """The dotted path of the experiment; the text of the target where none is known."""
        return self.text if self.base is None else self.base.dotted


def resolve_target(text: str, into_secrets: bool = False) -> Target:
    """Return what a target of a command leads to.

    A recorded run (`@80f4`, or its folder) leads to its config with the values of then, a saved
    config to that config.

    Args:
        text: The target, as typed.
        into_secrets: Whether it may lead to a secret, or into one.

    Raises:
        TargetError: It leads nowhere.
        LoadError: The saved config cannot be loaded today.
    """
    if not is_recorded(text):
        return resolve(text, into_secrets)
    # Here, so that other targets do not wait for it.
    from pconfigs.cli.recorded_targets import recorded_target

    return recorded_target(text)


def as_printed(found: Any) -> Any:
    """Return the configs of a sweep as a list, and any other object as it is."""
    sweeps = sys.modules.get("pconfigs.sweeps.sweep")
    return list(found) if sweeps is not None and isinstance(found, sweeps.Sweep) else found


def is_recorded(text: str) -> bool:
    """Return whether a target is a run or a saved config."""
    if text.startswith(RUN_MARK):
        return True
    if text.lower().endswith(SAVED):
        return os.path.isfile(text)
    return os.sep in text and os.path.isfile(os.path.join(text, "run.json"))


def experiment_of(command: str, target: Target) -> Target:
    """Return the experiment that a target is; of a recorded run, the one that was run.

    Raises:
        UsageError: That experiment is gone, or a saved config has none.
    """
    experiment = target.base if isinstance(target, RecordedTarget) else target
    if experiment is None:
        problem = f"{target.text} has no experiment to inherit from"
        hint = f"write it as a file of its own: python -m pconfigs.freeze {target.text} -o FILE"
        raise UsageError(command, problem, [hint])
    return experiment
