"""`python -m pconfigs.test [PATH|TARGET…]`: test the experiments of a project."""

from __future__ import annotations

from argparse import Namespace

from pconfigs.cli.output import flush, print_error, write, write_json
from pconfigs.cli.terminal import Waiting
from pconfigs.launchers.processes import CompletedRun
from pconfigs.testing.discovery import find_modules
from pconfigs.testing.report import CheckOptions, ModuleReport
from pconfigs.testing.run_checks import check, printing_line
from pconfigs.testing.smoke import SmokeRun, run_small

SLOW = 2.0
"""Seconds from which on the time that an import takes is reported."""


def command(asked: Namespace) -> int:
    """Test every module of experiments; 1 if anything is wrong with one."""
    wishes = CheckOptions(
        asked.golden, asked.update_golden, asked.smoke, asked.timeout, asked.traceback
    )
    modules = find_modules(asked.places or ["."], wishes.golden)
    outcomes: list[ModuleReport] = []
    for found in modules:
        with Waiting(f"importing {found.name}"):
            outcome = check(found, wishes)
        outcomes.append(outcome)
        if not asked.json and not outcome.runs:
            _report(outcome)
    runs = [run for outcome in outcomes for run in outcome.runs]
    if runs:
        run_small(runs, wishes.timeout, asked.jobs, None if asked.json else _report_run)
    if not asked.json:
        for outcome in outcomes:
            if outcome.runs:
                _report(outcome)
    if not modules:
        print_error(
            f"no folder with a __pconfigs__.py in {', '.join(asked.places) or 'this folder'}"
        )
    return _summary(outcomes, asked.json)


def _summary(outcomes: list[ModuleReport], as_json: bool) -> int:
    problems = sum(len(outcome.problems) for outcome in outcomes)
    if as_json:
        write_json([outcome.to_json() for outcome in outcomes])
        return 1 if problems else 0
    printing = [outcome.found.name for outcome in outcomes if outcome.printed]
    if printing:
        write(printing_line(printing))
    write(f"Tested {sum(outcome.count for outcome in outcomes)} configs. Errors: {problems}")
    return 1 if problems else 0


def _report(outcome: ModuleReport) -> None:
    if outcome.seconds >= SLOW:
        write(f"{outcome.found.name} took {outcome.seconds:.1f} s to import")
    for problem in outcome.problems:
        write(f"{problem}\n")
    for note in outcome.notes:
        write(note)


def _report_run(run: SmokeRun, done: CompletedRun) -> None:
    how = "ran" if done.code == 0 else "failed after"
    write(f"{run.target} {how} {done.seconds:.1f} s")
    flush()
