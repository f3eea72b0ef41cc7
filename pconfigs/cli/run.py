"""`python -m pconfigs.run TARGET [-- ARGS…]`: build an experiment and run it."""

from __future__ import annotations

import sys

from pconfigs.cli import output
from pconfigs.cli.main_call import call_main, exit_code_of
from pconfigs.cli.run_arguments import RunArguments, run_help, split_words
from pconfigs.cli.targets import is_recorded
from pconfigs.errors.targets import UsageError
from pconfigs.imports import is_config, resolve
from pconfigs.runs.lineage.detection import has_artifacts
from pconfigs.runs.location import store_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any

    from pconfigs.cli.experiments import Experiment
    from pconfigs.imports import Target


def command(words: list[str]) -> int:
    """Run a target's experiment; the exit code is what its `main` makes it."""
    given = split_words(words)
    if given.target is None:
        output.write(run_help())
        return 0
    # Here, so that help does not wait for the core.
    several = None if is_recorded(given.target) or given.continues else _several(given.target)
    if several is not None:
        from pconfigs.cli.run_launched import run_several

        return run_several(given, several)
    if given.as_recorded or "--as-recorded" in given.following:
        from pconfigs.cli.run_again import run_as_recorded

        return run_as_recorded(given)
    experiment = _experiment(given, given.target)
    asked = given.read(experiment)
    if asked is None:
        return 0  # the help of the target was asked for, and shown
    if given.with_deps and not given.is_sweep:
        from pconfigs.cli.run_pipeline import run_dependencies

        code = run_dependencies(experiment, given)
        if code is not None:
            return code
    if given.launches:
        return _launch(given, experiment)
    _refuse_options_of_sweeps(given)
    if given.save_as is not None:
        _save(experiment, given, given.save_as)
    if given.dry_run:
        if not has_artifacts(experiment.config):
            experiment.config.construct()
        output.write(_what_would_run(experiment, asked, given))
        return 0

    _report_no_effect(experiment)
    _share_module(experiment.target)

    def call(config: Any) -> int:
        if given.record_reads is not None:
            return _run_reading(experiment, config, asked, given, given.record_reads)
        made = config.construct()
        result = call_main(experiment.runnable, made, asked, given.others)
        return exit_code_of(experiment.runnable, made, result)

    if given.continues:
        from pconfigs.cli.run_job import continue_run

        return continue_run(experiment, call, given.trackers)
    folder = None if given.no_record else store_folder()
    if folder is None and not given.record:
        if given.trackers:
            hint = "drop --no-record" if given.no_record else "add --record"
            raise UsageError("run", "--tracker sends a recorded run; this one is not", [hint])
        return call(_resolved(experiment.config))
    from pconfigs.cli.run_recorded import run_recorded, store_for

    return run_recorded(store_for(folder), experiment, given, call)


def _launch(given: RunArguments, experiment: Experiment) -> int:
    """Hand an experiment to an executor."""
    if given.continues:
        hint = "drop the options that launch it"
        raise UsageError("run", "--resume continues a run in this process", [hint])
    if given.save_as is not None and not given.is_sweep:
        _save(experiment, given, given.save_as)
    from pconfigs.cli.run_launched import run_launched

    return run_launched(given, experiment)


def _resolved(config: Any) -> Any:
    """Return a config with its artifacts resolved by services: nothing is recorded here."""
    if not has_artifacts(config):
        return config
    from pconfigs.runs.lineage.consumption import resolve_artifacts

    return resolve_artifacts(config, None).config


def _share_module(target: Target) -> None:
    """Let spawned processes import the module of a target that is a file."""
    if ".py" not in target.text:
        return
    from pconfigs.imports.files import importable, share_with_processes

    if not importable(target.module):
        share_with_processes(target.module)


def _report_no_effect(experiment: Experiment) -> None:
    """Report on stderr, once for all ranks, what the experiment sets without effect."""
    from pconfigs.schema.ignored_inputs import may_have_no_effect

    if not may_have_no_effect(experiment.config):
        return
    from pconfigs.reports.unused import no_effect_line
    from pconfigs.runs.ranks import rank_and_size

    if rank_and_size()[0] == 0:
        line = no_effect_line(experiment.config, experiment.target.text)
        if line:
            output.print_error(line)


def _refuse_options_of_sweeps(given: RunArguments) -> None:
    for option in ("--fail-fast", "--retry-failed"):
        if option in given.own:
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


def _experiment(given: RunArguments, target: str) -> Experiment:
    """Return the experiment that a target leads to, recorded ones included."""
    if given.is_job and is_recorded(target):
        from pconfigs.cli.run_job import planned_experiment

        return planned_experiment(given)
    if is_recorded(target):
        from pconfigs.cli.run_again import recorded_experiment

        return recorded_experiment(given)
    if given.continues:
        hint = "name it: @ with part of its name, or its folder"
        raise UsageError("run", f"{target} is not a recorded run", [hint])
    from pconfigs.cli.experiments import find_experiment

    if any(word.startswith("@") for word in given.following):
        from pconfigs.cli.run_section import experiment_of_class

        return experiment_of_class(target, given.following) or find_experiment(target)
    return find_experiment(target)


def _save(experiment: Experiment, given: RunArguments, file: str) -> None:
    """Write the variant that is about to run to a file; nothing, where nothing is to run."""
    from pconfigs.cli.derive import variant_code
    from pconfigs.cli.output_files import refuse_own_file, refuse_unwritable, write_module

    force = "--force" in given.own
    refuse_own_file("run", file, experiment.target)
    refuse_unwritable("run", file, force)
    code = variant_code("run", experiment.target, experiment.config, given.overrides)
    if not given.dry_run:
        write_module("run", file, code, force)
        output.print_error(f"wrote {file}")


def _run_reading(
    experiment: Experiment, config: Any, asked: Namespace, given: RunArguments, file: str
) -> int:
    """Run, and write which fields were read; also where the run fails."""
    from json import dumps

    from pconfigs.cli.output_files import refuse_other_content, write_output
    from pconfigs.runs.current import keep_reads
    from pconfigs.tree.read_recorder import ReadRecorder

    # Before the run: a file that cannot be written is reported early.
    refuse_other_content("run", file, ("target", "read"))
    reads = ReadRecorder(config)
    try:
        with reads:
            made = config.construct()
            result = call_main(experiment.runnable, made, asked, given.others)
    finally:
        record = {"target": experiment.target.dotted, "read": reads.paths()}
        content = f"{dumps(record, indent=2)}\n".encode()
        write_output("run", file, content, force=True)
        keep_reads(content)
    return exit_code_of(experiment.runnable, made, result)


def _what_would_run(experiment: Experiment, asked: Namespace, given: RunArguments) -> str:
    """Class, target, arguments and resolved config of a run that does not take place."""
    runnable = experiment.runnable
    lines = [
        f"would run {runnable.__module__}.{runnable.__qualname__}"
        + (".main" if isinstance(runnable, type) else ""),
        f"target: {experiment.target.dotted}",
    ]
    if given.overrides:
        from pconfigs.cli.overrides import shown

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
