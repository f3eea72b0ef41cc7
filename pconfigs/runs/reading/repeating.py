"""Configs of runs that go on or are repeated: of the experiment of today, else of the record."""

from __future__ import annotations

from typing import Any

from pconfigs.errors.base import PConfigError
from pconfigs.errors.runs import RunUseError
from pconfigs.imports import Target, resolve
from pconfigs.overrides.shown import variant_of_recorded, with_open_secrets
from pconfigs.runs.changes.code_changes import CodeState
from pconfigs.runs.changes.moved_classes import moved_names
from pconfigs.runs.reading.configs import recorded_config, refuse_store_code
from pconfigs.runs.reading.run_facts import RunFacts
from pconfigs.schema.class_schema import is_config
from pconfigs.serialization.fingerprint import pfingerprint


def config_of(run: RunFacts, drift: str = "as-saved", state: CodeState | None = None) -> Any:
    """Return the config of a run as `recorded_config` does, also where its classes have moved.

    Args:
        run: The run.
        drift: See `recorded_config`.
        state: The code of today, where it is known already.

    Raises:
        RunUseError: It cannot be loaded today.
        DriftError: Code computes other values today.
    """
    try:
        return recorded_config(run, drift)
    except RunUseError:
        moved = moved_names(run, state)
        if not moved:
            raise
    return recorded_config(run, drift, moved=moved)


def experiment_of(run: RunFacts) -> Target | None:
    """Return the experiment that was run, as it is today; None where it is gone."""
    if run.target is None or run.target.endswith(".py") or ".py:" in run.target:
        return None  # a file is recorded by the name of its module
    try:
        refuse_store_code(run.target, run.record.store_folder)
        return resolve(run.target)
    except (PConfigError, AttributeError, ValueError):
        return None


def config_to_continue(run: RunFacts) -> Any:
    """Return the config of a run that goes on or starts: its values, and today's secrets.

    Secrets are not recorded: they come from the experiment, where that still has the fingerprint of
    the run. Those that overrides have set are open.

    Raises:
        RunUseError: It cannot be loaded today.
        DriftError: Code computes other values today.
    """
    return config_to_repeat(run, False)


def config_to_repeat(run: RunFacts, accepts_changes: bool) -> Any:
    """Return the config of a run that is repeated: see `config_to_continue`.

    Args:
        run: The run.
        accepts_changes: Take the values that today's code computes from its inputs.
    """
    target = None if run.facts.get("smoke") else experiment_of(run)
    if target is not None:
        config = target.object
        try:
            if is_config(config):
                config = variant_of_recorded(config, run.overrides) if run.overrides else config
                if pfingerprint(config) == run.fingerprint:
                    return config
        except (PConfigError, AttributeError, ValueError):
            pass  # the experiment is gone or another one; the record has what was planned
    config = config_of(run, "accept" if accepts_changes else "refuse")
    return with_open_secrets(config, run.overrides)
