"""Pipelines: the experiments that produce what an experiment consumes, run first where needed.

An artifact names the experiment that produces it by `of`, and so on upward. The experiments are
run in order, each once; one whose newest run is up to date is not run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pconfigs.artifacts.resolve import producers_of
from pconfigs.build.methods.smoke_variants import smoke_variant
from pconfigs.errors.base import PConfigError
from pconfigs.launchers.engines.parts import ExecutorConfig
from pconfigs.launchers.launch import Launch, Options
from pconfigs.runs.changes.reasons import stale_reasons
from pconfigs.runs.lineage.consumption import resolve_artifacts
from pconfigs.runs.lineage.detection import has_artifacts
from pconfigs.runs.lineage.experiment_names import titled
from pconfigs.runs.lineage.files import read_consumed, read_produced
from pconfigs.runs.lineage.finder import newest_run_of
from pconfigs.runs.planning import Plan
from pconfigs.runs.reading.runs import Run
from pconfigs.runs.reading.summaries import read_runs
from pconfigs.runs.store import Store
from pconfigs.serialization.fingerprint import pfingerprint
from pconfigs.tree.edit import pset


@dataclass(slots=True, frozen=True)
class Stage:
    """An experiment that has to be done before others.

    Attributes:
        config: The experiment.
        names: The artifacts that are wanted of it.
        name: Of its runs.
        title: Its dotted path, or that of the experiment that it is a variant of.
        target: Its dotted path, or None.
    """

    config: Any
    names: tuple[str, ...]
    name: str
    title: str
    target: str | None


def stages_of(configs: Iterable[Any]) -> list[list[Stage]]:
    """Return the experiments that produce what some configs consume, in the order to run them.

    Those of one list need nothing of each other; each needs some of the lists before it. Two that
    are equal are one.
    """
    found: dict[str, Any] = {}
    names: dict[str, set[str]] = {}
    depth: dict[str, int] = {}

    def visit(config: Any) -> int:
        """Note what a config needs; return how many lists come before it."""
        before = 0
        for _, name, experiment in producers_of(config):
            key = pfingerprint(experiment)
            if key not in depth:
                depth[key] = visit(experiment)
                found[key] = experiment
            names.setdefault(key, set()).add(name)
            before = max(before, depth[key] + 1)
        return before

    for config in configs:
        visit(config)
    levels: list[list[Stage]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for key, experiment in found.items():
        stage = Stage(experiment, tuple(sorted(names[key])), *titled(experiment))
        levels[depth[key]].append(stage)
    return levels


def small_with_producers(config: Any) -> Any:
    """Return the small variant of a config, whose artifacts come from small variants, too."""
    small = smoke_variant(config)
    if not has_artifacts(small):
        return small
    changes = {
        f"{path}.of" if path else "of": small_with_producers(experiment)
        for path, _, experiment in producers_of(small)
    }
    return pset(small, changes) if changes else small


def reason_to_run(stage: Stage, store: Store, smoke: bool, accept: bool) -> tuple[str, Run | None]:
    """Return why a stage has to run, or an empty string; and its newest run that is done.

    With `accept` that run counts although code that it ran has changed since.
    """
    run = newest_run_of(stage.config, read_runs(store, smoke))
    if run is None:
        return "no run of it is done", None
    missing = set(stage.names) - {str(entry["name"]) for entry in read_produced(run.record)}
    if missing:
        return f"{run.id} has not logged {', '.join(sorted(missing))}", run
    return reason_to_repeat(run, stage.config, store, smoke, accept), run


def reason_to_repeat(run: Run, config: Any, store: Store, smoke: bool, accept: bool) -> str:
    """Return what a run that is done differs in from a run of today, or an empty string."""
    reasons = [] if accept else stale_reasons(run)
    if reasons:
        return f"{run.id} is stale: {reasons[0]}"
    try:
        today = resolve_artifacts(config, store, smoke=smoke).consumed
    except PConfigError as error:
        return str(error).partition("\n")[0]
    before = {str(entry["field"]): entry for entry in read_consumed(run.record)}
    for entry in today:
        known = before.get(str(entry["field"]), {})
        if entry["digest"] != known.get("digest"):
            return f"{run.id} consumed {known.get('ref', 'nothing')}, and {entry['ref']} is there"
    return ""


def run_stages(
    levels: Sequence[Sequence[Stage]],
    store: Store,
    executor: ExecutorConfig,
    report: Callable[[str], None],
    smoke: bool,
    accept: bool,
    facts: Mapping[str, Any],
) -> int:
    """Run the stages that need it, level by level; return 0, or 1 where one failed.

    A line is reported for each. `smoke` and `accept` are as for `reason_to_run`; `facts` are what
    each run notes of the call.
    """
    options = Options(retry_failed=True, accept_changes=accept)
    for stages in levels:
        points = []
        for stage in stages:
            reason, run = reason_to_run(stage, store, smoke, accept)
            if not reason:
                report(f"{stage.title}: up to date ({run.id if run else ''})")
                continue
            report(f"{stage.title}: running, because {reason}")
            # One that is done and does not count any more runs in a new folder.
            again = run is not None
            points.append(
                Plan(stage.config, stage.name, stage.target, smoke=smoke, facts=facts, again=again)
            )
        if not points:
            continue
        outcome = Launch(store, points, executor, points[0].name, options).run()
        if outcome.exit_code:
            report("what needs a run that failed is not run")
            return outcome.exit_code
    return 0
