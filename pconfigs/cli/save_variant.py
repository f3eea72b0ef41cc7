"""`run ... --save-as FILE`: the variant that overrides make, as a module."""

from __future__ import annotations

from pconfigs.cli.derive import variant_code
from pconfigs.cli.experiments import Experiment
from pconfigs.cli.output_files import refuse_own_file, refuse_unwritable, write_module
from pconfigs.cli.overrides import shown_words_of
from pconfigs.cli.run_options import RunArguments


def save_variant(experiment: Experiment, given: RunArguments, file: str) -> None:
    """Write the variant that is about to run to a file; nothing, where nothing is to run."""
    refuse_own_file("run", file, experiment.target)
    refuse_unwritable("run", file, given.force)
    words = shown_words_of(experiment.config, given.overrides)
    code = variant_code("run", experiment.target, experiment.config, words)
    if not given.dry_run:
        write_module("run", file, code, given.force)
