"""Smoke runs: the runnable experiments of a module run small, each in a process of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pconfigs.artifacts.resolve import without_producer
from pconfigs.build.methods.smoke_variants import has_smoke_values, smoke_variant
from pconfigs.build.methods.values import open_paths
from pconfigs.errors.base import PConfigError
from pconfigs.errors.formatting import listed
from pconfigs.errors.serialization import UnsavableError
from pconfigs.imports.files import module_name_of
from pconfigs.launchers.processes import CompletedRun, run_all_silently
from pconfigs.locks import ScratchFolder
from pconfigs.runs.lineage.detection import has_artifacts
from pconfigs.runs.location import STORE
from pconfigs.schema.class_schema import is_config
from pconfigs.testing.golden_metrics import GoldenMetrics
from pconfigs.testing.report import ModuleReport
from pconfigs.testing.run_policy import is_runnable

LINES = 30
"""Lines of output that are shown of a run that fails."""


@dataclass(slots=True)
class SmokeRun:
    """One run of an experiment, small.

    Attributes:
        outcome: The report of its module.
        target: The experiment.
        command: What runs it.
        golden: What it is to log, where that is compared.
        store: A folder for its record and those of the runs that it needs, where it is recorded.
    """

    outcome: ModuleReport
    target: str
    command: list[str]
    golden: GoldenMetrics | None = None
    store: ScratchFolder | None = None


def runs_of(
    outcome: ModuleReport,
    experiments: Mapping[str, Any],
    golden: bool = False,
    update: bool = False,
) -> list[SmokeRun]:
    """Return the runs of the runnable experiments of a module; report those that cannot be.

    Args:
        outcome: The report of the module.
        experiments: By name.
        golden: Compare what they log with their golden metrics.
        update: Write the golden metrics that differ.
    """
    runs: list[SmokeRun] = []
    for name, config in _single(experiments):
        if not is_runnable(config):
            continue
        target = f"{outcome.found.name}.{name}"
        reads = has_artifacts(config)
        missing = without_producer(config) if reads else open_paths(config)
        if missing and reads:
            hint = "name the experiment that produces it: of=..."
            outcome.notes.append(f"{target} is not run: it reads {listed(missing[:5])}; {hint}")
            continue
        if missing:
            are = "is" if len(missing) == 1 else "are"
            outcome.notes.append(f"{target} is not run: {listed(missing[:5])} {are} open")
            continue
        if not has_smoke_values(config):
            outcome.notes.append(f"{target} has no smoke values (psmoke) and ran unchanged")
        problem = _refusal(config)
        if problem:
            outcome.problems.append(f"{target} --smoke {problem}")
            continue
        run = SmokeRun(outcome, target, _words_of(outcome, name))
        if golden:
            try:
                run.golden = GoldenMetrics(outcome, name, config, update)
            except UnsavableError as error:
                outcome.notes.append(f"{target} has no golden metrics: {error}")
        if reads:
            run.command.append("--with-deps")
        if reads or run.golden is not None:
            run.store = ScratchFolder()
        runs.append(run)
    return runs


def run_small(
    runs: Sequence[SmokeRun],
    timeout: float,
    jobs: int = 0,
    on_end: Callable[[SmokeRun, CompletedRun], None] | None = None,
) -> None:
    """Run experiments small, side by side, and report those that fail.

    Args:
        runs: The runs.
        timeout: Seconds that each may take.
        jobs: How many run at the same time; 0 for one on each processor, four at most.
        on_end: Called when a run has ended.
    """
    at_once = jobs or min(
        4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    )

    def end(index: int, done: CompletedRun) -> None:
        run = runs[index]
        problem = _problem_of(done, timeout)
        if problem:
            run.outcome.problems.append(f"{run.target} --smoke {problem}")
        if run.store is not None:
            if run.golden is not None and not problem:
                run.golden.check(run.store.path)
            run.store.remove()
        if on_end is not None:
            on_end(run, done)

    stores = [{} if run.store is None else {STORE: run.store.path} for run in runs]
    run_all_silently([run.command for run in runs], timeout, at_once, end, stores)


def _single(experiments: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield each experiment; of a sweep, the points that differ when they are small."""
    for name, value in experiments.items():
        if is_config(value):
            yield name, value
            continue
        points = list(enumerate(value)) if has_smoke_values(value[0]) else [(0, value[0])]
        seen: list[Any] = []
        for index, config in points:
            small = None if open_paths(config) or _refusal(config) else smoke_variant(config)
            if small is None or small not in seen:
                seen.append(small)
                yield f"{name}[{index}]", config


def _refusal(config: Any) -> str:
    """Return why the small variant of a config cannot be built, or ""."""
    try:
        smoke_variant(config)
    except PConfigError as error:
        return f"cannot be built\n{error}"
    return ""


def _words_of(outcome: ModuleReport, name: str) -> list[str]:
    """Return the command that runs an experiment small."""
    path = outcome.found.path
    target = f"{path}:{name}" if module_name_of(path) is None else f"{outcome.found.name}.{name}"
    return [sys.executable, "-m", "pconfigs.run", target, "--smoke"]


def _problem_of(done: CompletedRun, timeout: float) -> str:
    """Return the problem of a run in words; "" if it has none."""
    if done.code == 0:
        return ""
    if done.code is None:
        words = f"did not end within {timeout:g} s"
    elif done.code < 0:
        words = f"was ended by signal {-done.code}"
    else:
        words = f"failed with exit code {done.code}"
    return "\n".join([words, *_end_of(done)])


def _end_of(done: CompletedRun) -> list[str]:
    lines = done.output.rstrip().splitlines()
    left_out = ["    ..."] if len(lines) > LINES else []
    return [*left_out, *(f"    {line}" for line in lines[-LINES:])]
