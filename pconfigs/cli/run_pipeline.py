"""`run --with-deps`: the experiments that produce what a target consumes, run before it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from pconfigs.cli.commands import DONE, INTERRUPTED
from pconfigs.cli.experiments import Experiment
from pconfigs.cli.output import print_error, write
from pconfigs.cli.run_executor import executor_of, facts_of
from pconfigs.cli.run_options import RunArguments
from pconfigs.cli.run_recorded import store_for
from pconfigs.errors.targets import UsageError
from pconfigs.imports import Target
from pconfigs.launchers.pipeline import (
    Stage,
    reason_to_repeat,
    reason_to_run,
    run_stages,
    stages_of,
)
from pconfigs.launchers.processes import raising_on_signals
from pconfigs.runs.capture.followers import refuse_unusable
from pconfigs.runs.lineage.finder import newest_run_of
from pconfigs.runs.location import store_folder
from pconfigs.runs.reading.summaries import read_runs
from pconfigs.runs.store import Store


def run_dependencies(experiment: Experiment, given: RunArguments) -> int | None:
    """Run what the experiment needs; None where it is to be run itself, else the exit code."""
    title = experiment.target.dotted
    code = run_before([experiment.config], given, title)
    if code is not None or given.again:
        return code
    return _up_to_date(experiment.config, title, given, store_for(store_folder()))


def run_what_is_needed(given: RunArguments, configs: Sequence[Any], target: Target) -> int | None:
    """Run what configs need, where that is asked for; None where they can be run."""
    if not given.with_deps:
        return None
    return run_before(configs, given, target.dotted)


def run_before(configs: Sequence[Any], given: RunArguments, title: str) -> int | None:
    """Run what some experiments need; None where they can be run, else the exit code."""
    if given.no_record:
        hint = "drop --no-record: what a run produces is found by its record"
        raise UsageError("run", "--with-deps records all runs", [hint])
    store = store_for(store_folder())
    levels = stages_of(configs)
    if given.dry_run:
        write("\n".join([*_plan(levels, store, given), f"{title}: the target"]))
        return DONE
    refuse_unusable(given.trackers)
    executor = executor_of(given)
    accept, facts = given.accept_changes, facts_of(given)
    try:
        with raising_on_signals():
            code = run_stages(levels, store, executor, print_error, given.smoke, accept, facts)
    except KeyboardInterrupt:
        print_error("stopped; the same command continues")
        return INTERRUPTED
    return code or None


def _plan(levels: list[list[Stage]], store: Store, given: RunArguments) -> Iterator[str]:
    for stage in itertools.chain.from_iterable(levels):
        reason, run = reason_to_run(stage, store, given.smoke, given.accept_changes)
        yield f"{stage.title}: {reason or f'up to date ({run.id if run else None})'}"


def _up_to_date(config: Any, title: str, given: RunArguments, store: Store) -> int | None:
    """Print that an experiment is up to date, where it is, and return 0; else None."""
    run = newest_run_of(config, read_runs(store, given.smoke))
    if run is None:
        return None
    reason = reason_to_repeat(run, config, store, given.smoke, given.accept_changes)
    if reason:
        print_error(f"{title}: running, because {reason}")
        return None
    print_error(f"{title}: up to date ({run.id}); --again runs it all the same")
    return DONE
