"""`python -m pconfigs.run TARGET [-- ARGS…]`: build an experiment and run it."""

from __future__ import annotations

import sys

from pconfigs import cli
from pconfigs.cli import output
from pconfigs.cli.experiments import Experiment, find_experiment
from pconfigs.cli.main_call import call_main, exit_code_of
from pconfigs.cli.overrides import shown
from pconfigs.cli.run_arguments import read_words
from pconfigs.cli.run_options import RunArguments
from pconfigs.errors.targets import UsageError
from pconfigs.imports import Target, is_config, resolve
from pconfigs.imports.files import importable
from pconfigs.imports.spawned import share_with_processes
from pconfigs.runs import lineage
from pconfigs.runs.lineage.detection import has_artifacts
from pconfigs.runs.location import store_folder
from pconfigs.schema.ignored_inputs import may_have_no_effect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable
    from typing import Any

    Runner = Callable[[RunArguments, Experiment, Callable[[Any], int]], int]


def command(given: RunArguments, find: Callable[[str], Experiment] = find_experiment) -> int:
    """Run a target's experiment; return the exit code, which is what its `main` makes it.

    Args:
        given: The words of the call.
        find: How a target leads to an experiment, where it does not lead to several.
    """
    target = given.target or ""
    if given.continues:
        hint = "name it: @ with part of its name, or its folder"
        raise UsageError("run", f"{target} is not a recorded run", [hint])
    several = _several(target)
    if several is not None:
        return cli.run_launched.run_several(given, several)
    return run_experiment(given, find(target), run_new)


def run_experiment(given: RunArguments, experiment: Experiment, run: Runner) -> int:
    """Read the words after the target and do what they ask for; return the exit code.

    Args:
        given: The words of the call.
        experiment: What is run.
        run: What runs it in this process.
    """
    asked = read_words(given, experiment)
    if asked is None:
        return 0  # the help of the target was asked for, and shown
    if given.with_deps and not given.sweep:
        code = cli.run_pipeline.run_dependencies(experiment, given)
        if code is not None:
            return code
    if given.launches:
        return _launch(given, experiment)
    _refuse_options_of_sweeps(given)
    if given.save_as is not None:
        cli.save_variant.save_variant(experiment, given, given.save_as)
    if given.dry_run:
        if not has_artifacts(experiment.config):
            experiment.config.construct()
        output.write(_what_would_run(experiment, asked, given))
        return 0
    if may_have_no_effect(experiment.config):
        cli.no_effect.report_no_effect(experiment)
    _share_module(experiment.target)

    def call(config: Any) -> int:
        if given.record_reads is not None:
            return cli.run_reading.run_reading(experiment, config, asked, given, given.record_reads)
        made = config.construct()
        result = call_main(experiment.runnable, made, asked, given.others)
        return exit_code_of(experiment.runnable, made, result)

    return run(given, experiment, call)


def run_new(given: RunArguments, experiment: Experiment, call: Callable[[Any], int]) -> int:
    """Run an experiment, as a new run where the project records; return the exit code."""
    folder = None if given.no_record else store_folder()
    is_recorded = folder is not None or given.record
    if given.trackers and not is_recorded:
        hint = "drop --no-record" if given.no_record else "add --record"
        raise UsageError("run", "--tracker sends a recorded run; this one is not", [hint])
    named = hasattr(experiment.runnable, "tracker_names") and not given.no_record
    if not is_recorded and not named:
        return call(_resolved(experiment.config, given.smoke))
    if is_recorded:
        store = cli.run_recorded.store_for(folder)
        return cli.run_recorded.run_recorded(store, experiment, given, call)
    cli.run_recorded.report_unsent(experiment.config)
    return call(_resolved(experiment.config, given.smoke))


def _launch(given: RunArguments, experiment: Experiment) -> int:
    """Hand an experiment to an executor."""
    if given.continues:
        hint = "drop the options that launch it"
        raise UsageError("run", "--resume continues a run in this process", [hint])
    if given.save_as is not None and not given.sweep:
        cli.save_variant.save_variant(experiment, given, given.save_as)
    return cli.run_launched.run_launched(given, experiment)


def _resolved(config: Any, smoke: bool) -> Any:
    """Return a config with its artifacts resolved, where nothing is recorded."""
    if not has_artifacts(config):
        return config
    return lineage.consumption.resolve_unrecorded(config, smoke)


def _share_module(target: Target) -> None:
    """Let spawned processes import the module of a target that is a file."""
    if ".py" not in target.text:
        return
    if not importable(target.module):
        share_with_processes(target.module)


def _refuse_options_of_sweeps(given: RunArguments) -> None:
    for option in ("--fail-fast", "--retry-failed"):
        if given.has(option):
            hint = f"launch it: --slots 1 {option}"
            raise UsageError("run", f"{option} is for runs that are launched", [hint])


def _several(text: str) -> Target | None:
    """Return the target if it leads to several experiments: a sweep, a list or dict of configs."""
    target = resolve(text)
    found: Any = target.object
    sweeps = sys.modules.get("pconfigs.sweeps")
    if sweeps is not None and isinstance(found, (sweeps.Sweep, sweeps.Search)):
        return target
    items = list(found.values()) if isinstance(found, dict) else found
    if not isinstance(items, (list, tuple)) or not items:
        return None
    return target if all(is_config(item) for item in items) else None


def _what_would_run(experiment: Experiment, asked: Namespace, given: RunArguments) -> str:
    """Return class, target, arguments and resolved config of a run that does not take place."""
    runnable = experiment.runnable
    lines = [
        f"would run {runnable.__module__}.{runnable.__qualname__}"
        + (".main" if isinstance(runnable, type) else ""),
        f"target: {experiment.target.dotted}",
    ]
    if given.overrides:
        lines.append(shown("overrides:", experiment.config, given.overrides))
    if given.save_as is not None:
        lines.append(f"would write: {given.save_as}")
    options = {name: value for name, value in vars(asked).items() if name != "config"}
    if options:
        lines.append(
            "options: " + ", ".join(f"{name}={value!r}" for name, value in options.items())
        )
    if given.others:
        lines.append(f"arguments: {given.others!r}")
    return "\n".join([*lines, f"config: {str(experiment.config).rstrip()}"])
