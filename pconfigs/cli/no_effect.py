"""Report what an experiment sets without effect, where it is run."""

from __future__ import annotations

from pconfigs.cli.experiments import Experiment
from pconfigs.cli.output import print_error
from pconfigs.reports.unused import no_effect_line
from pconfigs.runs.ranks import rank_and_size


def report_no_effect(experiment: Experiment) -> None:
    """Report on stderr, once for all ranks, what the experiment sets without effect."""
    if rank_and_size()[0] == 0:
        line = no_effect_line(experiment.config, experiment.target.text)
        if line:
            print_error(line)
