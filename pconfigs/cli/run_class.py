"""`run CLASS @sft.yaml`: the experiment that a class and a file among the overrides make."""

from __future__ import annotations

from pconfigs.cli import run
from pconfigs.cli.experiments import Experiment, find_experiment
from pconfigs.cli.run_options import RunArguments
from pconfigs.cli.run_section import experiment_of_class


def command(given: RunArguments) -> int:
    """Run what a target and files among its overrides make; return the exit code."""

    def find(target: str) -> Experiment:
        return experiment_of_class(target, given.following) or find_experiment(target)

    return run.command(given, find)
