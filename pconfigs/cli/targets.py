"""Targets of commands: experiments by dotted path or file, recorded runs, saved configs."""

from __future__ import annotations

import os
import sys

from pconfigs.cli.terminal import Waiting
from pconfigs.errors.targets import SAVED_CONFIGS, UsageError
from pconfigs.imports import Target, resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

RUN_MARK = "@"


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
        with Waiting(f"importing {text}"):
            return resolve(text, into_secrets)
    # Here, so that other targets do not wait for it: it loads readers of configs and runs.
    from pconfigs.cli.recorded_lookup import recorded_target

    return recorded_target(text)


def as_printed(found: Any) -> Any:
    """Return the configs of a sweep as a list, and any other object as it is."""
    sweeps = sys.modules.get("pconfigs.sweeps.sweep")
    return list(found) if sweeps is not None and isinstance(found, sweeps.Sweep) else found


def is_recorded(text: str) -> bool:
    """Return whether a target is a run or a saved config."""
    if text.startswith(RUN_MARK):
        return True
    if text.lower().endswith(SAVED_CONFIGS):
        return os.path.isfile(text)
    return os.sep in text and os.path.isfile(os.path.join(text, "run.json"))


def experiment_of(command: str, target: Target) -> Target:
    """Return the experiment that a target is; of a recorded run, the one that was run.

    Raises:
        UsageError: That experiment is gone, or a saved config has none.
    """
    experiment = target.experiment
    if experiment is None:
        problem = f"{target.text} has no experiment to inherit from"
        hint = f"write it as a file of its own: python -m pconfigs.freeze {target.text} -o FILE"
        raise UsageError(command, problem, [hint])
    return experiment
