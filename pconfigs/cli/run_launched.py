"""`run` of several experiments, and of one by an executor: processes of their own, followed."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pconfigs.atomic_files import own_folder
from pconfigs.build.methods.values import open_paths
from pconfigs.cli.commands import DONE
from pconfigs.cli.experiments import Experiment, experiment_at
from pconfigs.cli.output import print_error, write
from pconfigs.cli.run_arguments import read_several
from pconfigs.cli.run_executor import executor_of, facts_of, follow
from pconfigs.cli.run_options import RunArguments
from pconfigs.cli.run_pipeline import run_what_is_needed
from pconfigs.cli.run_recorded import plan_of, store_for
from pconfigs.cli.run_search import run_search
from pconfigs.cli.run_section import with_section
from pconfigs.cli.save_sweep import save_sweep
from pconfigs.errors.base import PConfigError
from pconfigs.errors.formatting import counted
from pconfigs.errors.runs import LaunchError
from pconfigs.errors.targets import UsageError
from pconfigs.imports import Target
from pconfigs.launchers.engines.job import Job
from pconfigs.launchers.engines.local import LocalExecutor
from pconfigs.launchers.engines.parts import ExecutorConfig
from pconfigs.launchers.launch import Launch, Options, Outcome
from pconfigs.launchers.pipeline import small_with_producers
from pconfigs.launchers.points import Found, Survey, distinct, next_number
from pconfigs.launchers.processes import start_detached
from pconfigs.launchers.progress import counts_text
from pconfigs.launchers.records import ends_with_launcher
from pconfigs.overrides.override import poverride
from pconfigs.overrides.shown import secrets_left_out, shown_words
from pconfigs.runs.capture.followers import refuse_unusable
from pconfigs.runs.lineage.detection import has_artifacts
from pconfigs.runs.lineage.run_section import RunSection
from pconfigs.runs.location import store_folder
from pconfigs.runs.planning import Plan, run_name
from pconfigs.runs.store import find_store
from pconfigs.sweeps.quick import quick_sweep
from pconfigs.sweeps.search import Search
from pconfigs.sweeps.sweep import Sweep


def run_several(given: RunArguments, target: Target) -> int:
    """Run the experiments that a target holds; 0 where all are done, else 1."""
    if not read_several(given, target.text):
        return DONE
    if given.save_as is not None:
        hint = "this target is a file already: copy it"
        raise UsageError("run", "--save-as is for one experiment", [hint])
    _refuse_reads(given)
    if isinstance(target.object, Search):
        return run_search(given, target)
    varied = list(_points_of(given, target))
    points = distinct(varied)
    if len(points) < len(varied):
        print_error(f"{len(varied) - len(points)} of {len(varied)} points repeat others")
    _refuse_unable(target, points)
    code = run_what_is_needed(given, [point.config for point in points], target)
    if code is not None:
        return code
    return _launch(given, points, run_name(target.dotted))


def _refuse_reads(given: RunArguments) -> None:
    if given.record_reads is not None:
        hint = "run one point without launching it"
        raise UsageError("run", "--record-reads is for a run of this process", [hint])


def run_launched(given: RunArguments, experiment: Experiment) -> int:
    """Run an experiment, or a quick sweep over it, by an executor."""
    _refuse_reads(given)
    if given.sweep:
        sweep = quick_sweep(experiment.config, given.overrides)
        if given.save_as is not None:
            save_sweep(experiment, given, given.save_as)
        code = run_what_is_needed(given, list(sweep), experiment.target)
        if code is not None:
            return code
        points = [
            _point_of(given, experiment, config, sweep.words(index))
            for index, config in enumerate(sweep)
        ]
        return _launch(given, points, points[0].name, section=experiment.section)
    point = _point_of(given, experiment, experiment.config)
    return _launch(given, [point], point.name, again=True, section=experiment.section)


def _points_of(given: RunArguments, target: Target) -> Iterable[Plan]:
    """Yield the points of a sweep, a list or a dict of configs, with overrides applied."""
    found: Any = target.object
    name, words = run_name(target.dotted), given.overrides
    items: Any = found.items() if isinstance(found, Mapping) else enumerate(found)
    for key, config in items:
        config = poverride(config, words) if words else config
        own = tuple(shown_words(config, words))
        shown = found.words(key) if isinstance(found, Sweep) else [str(key)]
        yield Plan(
            small_with_producers(config) if given.smoke else config,
            name,
            f"{target.dotted}[{key!r}]",
            own,
            given.others,
            smoke=given.smoke,
            facts={"sweep": target.dotted, **facts_of(given)},
            words=(*shown, *own),
        )


def _point_of(
    given: RunArguments, experiment: Experiment, config: Any, added: Sequence[str] | None = None
) -> Plan:
    """Return the point of an experiment, which may be the config of a file, or of a variant.

    Args:
        given: The words of the call.
        experiment: What is run, or varied.
        config: What the point runs.
        added: The overrides that make it of the experiment; by default those of the call.
    """
    plan = plan_of(experiment, given, added)
    plan.config = config
    plan.facts |= facts_of(given)
    return plan


def _refuse_unable(target: Target, points: list[Plan]) -> None:
    """Refuse points that cannot be run, all of them together."""
    problems: dict[str, list[str]] = {}
    for point in points:
        try:
            experiment_at(Target(point.target or "", point.config, target.module, target.attribute))
            # Artifacts are open until the run resolves them.
            paths = [] if has_artifacts(point.config) else open_paths(point.config)
            problem = f"open: {', '.join(paths)}" if paths else ""
        except PConfigError as error:
            problem = str(error).replace(point.target or "", target.text)
        if problem:
            problems.setdefault(problem, []).append(point.target or "")
    if problems:
        lines = [
            f"{found[0]}{f' and {len(found) - 1} more' if len(found) > 1 else ''}: {problem}"
            for problem, found in problems.items()
        ]
        raise LaunchError("\n".join(lines))


def _launch(
    given: RunArguments,
    points: list[Plan],
    name: str,
    again: bool = False,
    section: RunSection | None = None,
) -> int:
    executor = executor_of(given)
    if section is not None:
        executor = with_section(executor, section)
    options = Options(
        retry_failed=given.retry_failed,
        fail_fast=given.fail_fast,
        again=again or given.again,
        accept_changes=given.accept_changes,
    )
    if given.no_record:
        raise UsageError("run", "runs that are launched are always recorded", ["drop --no-record"])
    _refuse_secrets(points)
    if given.dry_run:
        return _show(points, executor, name, options)
    refuse_unusable(given.trackers)
    store = store_for(store_folder())
    store.refuse_newer()
    if given.detach and ends_with_launcher(executor):
        return _detached(store.folder, name, given.words)
    launch = Launch(store, points, executor, name, options)
    if given.detach:
        outcome = launch.submit()
        print_error(f"{counts_text(outcome.counts)}; the same command without --detach follows")
        return DONE
    return _followed(launch, again)


def _refuse_secrets(points: Iterable[Plan]) -> None:
    """Refuse overrides of secrets: a run that is launched has what is recorded of them."""
    for point in points:
        for path in secrets_left_out(point.config, point.overrides):
            problem = f"{path}=... sets a secret, which is not passed to launched runs"
            hint = (
                "write it into the experiment, as an environment variable that a @penv class reads"
            )
            raise UsageError("run", problem, [hint])


def _followed(launch: Launch, alone: bool) -> int:
    """Run a launch to its end; return the exit code."""
    code = follow(launch)
    if code is not None:
        counts = counts_text(launch.outcome.counts)
        print_error(f"stopped: {counts}; the same command continues")
        return code
    outcome = launch.outcome
    if alone and 0 in outcome.runs:
        status = outcome.runs[0].status()
        if status.exit_code is not None:
            return status.exit_code
    if not launch.is_idle or outcome.exit_code:
        _print_end(outcome)
    return outcome.exit_code


def _print_end(outcome: Outcome) -> None:
    total = counted(sum(outcome.counts.values()), "run")
    hints = {
        "failed": "--retry-failed runs what has failed again",
        "lost": "the same command resumes what is lost",
    }
    print_error(f"{total}: {counts_text(outcome.counts)}")
    for state, hint in hints.items():
        if outcome.counts[state]:
            print_error(f"    {hint}")


def _show(points: list[Plan], executor: ExecutorConfig, name: str, options: Options) -> int:
    """Print what would be run, and the script by which."""
    store = find_store()
    smoke = any(point.smoke for point in points)
    survey = None if store is None else Survey(store, smoke, options.accept_changes)
    states = {"new": "to run", "resume": "to run", "stale": "to run", "held": "elsewhere"}
    lines: list[str] = []
    jobs: list[Job] = []
    config: Any = executor
    engine = config.construct()
    folder = Path("runs" if store is None else store.folder)
    counts: dict[str, int] = {}
    for point in points:
        found = None if survey is None or options.again else survey.find(point)
        state = "to run" if found is None else states.get(found.standing, found.standing)
        if state == "failed" and options.retry_failed:
            state = "to run"
        counts[state] = counts.get(state, 0) + 1
        run = _folder_name(point, survey, found)
        words = f"  stale: {found.words}" if found and found.standing == "stale" else ""
        lines.append(f"{state:9}  {run}{words}")
        if state == "to run":
            path = str(folder / run)
            command = engine.command(["-m", "pconfigs.run", "--into", path], {}, [])
            jobs.append(Job(path, command, cwd=os.getcwd()))
    write("\n".join([f"{counted(len(points), 'run')}: {counts_text(counts)}", *lines]))
    if jobs and not isinstance(executor, LocalExecutor):
        write("\n" + engine.script(jobs, folder / ".jobs" / f"{name}-ID").rstrip())
        write(f"\n# command of the first job:\n# {shlex.join(jobs[0].command)}")
    elif jobs:
        write("\n" + engine.script(jobs[:1], folder).rstrip())
    return DONE


def _folder_name(point: Plan, survey: Survey | None, found: Found | None) -> str:
    """Return the name of the folder that a point has, or would get."""
    if found is not None and found.run is not None and found.standing in ("done", "held", "resume"):
        return found.run.name
    runs = [] if survey is None else survey.runs_of(point)
    return f"{point.stem}.{next_number(runs, point.stem)}"


def _detached(store: str, name: str, words: Sequence[str]) -> int:
    """Start the same command in a session of its own; return at once."""
    folder = own_folder(store, ".jobs")
    log = os.path.join(folder, f"{name}.{os.getpid()}.log")
    end = words.index("--") if "--" in words else len(words)
    own = [word for word in words[:end] if word != "--detach"]
    command = [sys.executable, "-m", "pconfigs.run", *own, *words[end:]]
    print_error(f"launched by process {start_detached(command, log)}; its progress is in {log}")
    return DONE
