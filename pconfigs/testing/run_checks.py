"""Checks: everything that is asked of one module of experiments, and what came of it."""

from __future__ import annotations

import time
from typing import Any

from pconfigs.artifacts.resolve import artifacts_in
from pconfigs.errors.formatting import some
from pconfigs.reports.unused import no_effect_line
from pconfigs.runs.lineage.detection import has_artifacts
from pconfigs.schema.class_schema import is_config
from pconfigs.schema.ignored_inputs import may_have_no_effect
from pconfigs.testing.discovery import ExperimentModule
from pconfigs.testing.golden import check_golden_files, check_lost_file
from pconfigs.testing.import_module import experiments_of, import_experiments
from pconfigs.testing.report import CheckOptions, ModuleReport
from pconfigs.testing.smoke import runs_of
from pconfigs.tree.missing import Missing, pmissing, without_followers


def check(found: ExperimentModule, asked: CheckOptions) -> ModuleReport:
    """Import a module of experiments, and do with them what is asked; runs are left to be made."""
    outcome = ModuleReport(found)
    if found.is_lost:
        check_lost_file(outcome, asked.update)
        return outcome
    started = time.perf_counter()
    imported = import_experiments(found, asked.whole)
    outcome.seconds = time.perf_counter() - started
    outcome.printed = imported.printed
    if imported.problem:
        outcome.problems.append(imported.problem)
        return outcome
    assert imported.module is not None
    experiments = experiments_of(imported.module)
    outcome.count = sum(1 if is_config(value) else len(value) for value in experiments.values())
    note_open(outcome, experiments)
    note_no_effect(outcome, experiments)
    if asked.golden:
        check_golden_files(outcome, experiments, asked.update)
    if asked.smoke:
        outcome.runs = runs_of(outcome, experiments, asked.golden, asked.update)
    return outcome


def note_open(outcome: ModuleReport, experiments: dict[str, Any]) -> None:
    """Report values that nothing will ever give as problems, and list those still to be given."""
    for name, config in experiments.items():
        missing = pmissing(config) if is_config(config) else []
        if missing and has_artifacts(config):
            missing = _not_of_artifacts(config, missing)
        missing = without_followers(missing)
        lost = [str(one) for one in missing if not one.required and not one.variable]
        if lost:
            outcome.problems.append(f"{outcome.found.name}.{name} is open: {some(lost, 6, '; ')}")
        required = [str(one.path) for one in missing if one.required]
        required += [f"{one.path} (set {one.variable})" for one in missing if one.variable]
        if required:
            needed = some(required, 6)
            outcome.notes.append(f"{outcome.found.name}.{name} is to be completed: {needed}")


def note_no_effect(outcome: ModuleReport, experiments: dict[str, Any]) -> None:
    """List what experiments set without effect, a line for each."""
    for name, config in experiments.items():
        if is_config(config) and may_have_no_effect(config):
            line = no_effect_line(config, f"{outcome.found.name}.{name}")
            outcome.notes += [line] if line else []


def _not_of_artifacts(config: Any, missing: list[Missing]) -> list[Missing]:
    """Return what is open for other reasons than artifacts, which a run resolves."""
    inside = [str(path) for path, _, _ in artifacts_in(config)]
    return [
        one
        for one in missing
        if not one.waits_for and not str(one.path).startswith(tuple(f"{path}." for path in inside))
    ]


def printing_line(names: list[str]) -> str:
    """Return the line of a summary that lists the modules that print when they are imported."""
    verb = "module prints when it is" if len(names) == 1 else "modules print when they are"
    return f"{len(names)} {verb} imported: {some(names)}"
