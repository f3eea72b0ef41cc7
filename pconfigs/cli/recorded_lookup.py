"""Lookup of runs and saved configs that a target names."""

from __future__ import annotations

from pconfigs.cli.recorded_target import RecordedTarget
from pconfigs.errors.targets import SAVED_CONFIGS
from pconfigs.runs.reading.configs import saved_config
from pconfigs.runs.reading.lookup import find_run
from pconfigs.runs.reading.repeating import config_of, experiment_of


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
    return RecordedTarget(text, config_of(run, drift), run, experiment_of(run))
