"""Checks: everything that is asked of one module of experiments, and what came of it."""

from __future__ import annotations

import time

from pconfigs.runs.lineage.detection import has_artifacts
from pconfigs.schema.class_schema import is_config
from pconfigs.testing.import_module import experiments_of, import_experiments
from pconfigs.tree.missing import pmissing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.testing.discovery import ExperimentModule
    from pconfigs.testing.smoke import SmokeRun
    from pconfigs.tree.missing import Missing


class CheckOptions:
    """The checks of every module, besides its import.

    Attributes:
        golden: Its experiments print as their golden files say.
        update: Golden files are written instead.
        smoke: Its runnable experiments run small.
        timeout: Seconds that one run may take.
        whole: Tracebacks keep the library's own frames.
    """

    def __init__(
        self,
        golden: bool = False,
        update: bool = False,
        smoke: bool = False,
        timeout: float = 60.0,
        whole: bool = False,
    ) -> None:
        self.golden, self.update, self.smoke = golden or update, update, smoke
        self.timeout, self.whole = timeout, whole


class ModuleReport:
    """The result of checking one module.

    Attributes:
        found: The module.
        problems: What is wrong with it, in words, one text for each.
        printed: Whether it printed when it was imported.
        notes: What else there is to report, a line for each.
        count: How many experiments it has; of a sweep, each point counts. One that cannot be
            imported counts as one.
        seconds: How long its import took.
        runs: The runs of its experiments that are still to be made.
    """

    def __init__(self, found: ExperimentModule) -> None:
        self.found = found
        self.count = 1
        self.seconds = 0.0
        self.runs: list[SmokeRun] = []
        self.problems: list[str] = []
        self.printed = False
        self.notes: list[str] = []

    def to_json(self) -> dict[str, Any]:
        """Return the same as plain data."""
        return {
            "module": self.found.name,
            "file": self.found.path,
            "experiments": self.count,
            "seconds": round(self.seconds, 3),
            "problems": self.problems,
            "notes": self.notes,
            "printed": self.printed,
        }


def check(found: ExperimentModule, asked: CheckOptions) -> ModuleReport:
    """Import a module of experiments, and do with them what is asked; runs are left to be made."""
    outcome = ModuleReport(found)
    if found.is_lost:
        from pconfigs.testing.golden import check_lost_file

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
    if asked.golden:
        from pconfigs.testing.golden import check_golden_files

        check_golden_files(outcome, experiments, asked.update)
    if asked.smoke:
        from pconfigs.testing.smoke import runs_of

        outcome.runs = runs_of(outcome, experiments, asked.golden, asked.update)
    return outcome


def note_open(outcome: ModuleReport, experiments: dict[str, Any]) -> None:
    """Report values that nothing will ever give as problems, and list those still to be given."""
    for name, config in experiments.items():
        missing = pmissing(config) if is_config(config) else []
        if missing and has_artifacts(config):
            missing = _not_of_artifacts(config, missing)
        lost = [str(one) for one in missing if not one.required]
        if lost:
            problem = f"{outcome.found.name}.{name} is open: {'; '.join(lost[:6])}"
            outcome.problems.append(problem + (f" and {len(lost) - 6} more" * (len(lost) > 6)))
        required = [str(one.path) for one in missing if one.required]
        if required:
            more = f" and {len(required) - 6} more" * (len(required) > 6)
            outcome.notes.append(
                f"{outcome.found.name}.{name} is to be completed: {', '.join(required[:6])}{more}"
            )


def _not_of_artifacts(config: Any, missing: list[Missing]) -> list[Missing]:
    """Return what is open for other reasons than artifacts, which a run resolves."""
    from pconfigs.artifacts.resolve import artifacts_in

    inside = [str(path) for path, _, _ in artifacts_in(config)]
    return [
        one
        for one in missing
        if not one.waits_for and not str(one.path).startswith(tuple(f"{path}." for path in inside))
    ]


def printing_line(names: list[str]) -> str:
    """Return the line of a summary that lists the modules that print when they are imported."""
    shown = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
    verb = "module prints when it is" if len(names) == 1 else "modules print when they are"
    return f"{len(names)} {verb} imported: {shown}"
