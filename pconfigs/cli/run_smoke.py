"""`run --smoke`: the small variant of an experiment."""

from __future__ import annotations

from typing import Any

from pconfigs.build.methods.smoke_variants import has_smoke_values, smoke_variant
from pconfigs.cli.experiments import Experiment
from pconfigs.cli.output import print_error
from pconfigs.runs.lineage.detection import has_artifacts


def made_small(experiment: Experiment) -> Any:
    """Return the small variant of an experiment; report one without smoke values."""
    config = experiment.config
    if not has_smoke_values(config):
        name = type(config).__qualname__
        print_error(f"{experiment.target.text} has no smoke values (psmoke) and runs unchanged")
        print_error(f"    below the class: psmoke({name}, ...), with small values")
    small = smoke_variant(config)
    if has_artifacts(small):
        # With artifacts alone: it loads the launchers.
        from pconfigs.launchers.pipeline import small_with_producers

        return small_with_producers(config)
    return small
