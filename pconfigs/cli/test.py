"""`python -m pconfigs.test [PATH|TARGET…]`: test the experiments of a project; and `ptest`."""

from __future__ import annotations

import sys

from pconfigs.cli.output import flush, print_error, write
from pconfigs.cli.terminal import Waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.cli.arguments import Arguments
    from pconfigs.launchers.processes import CompletedRun
    from pconfigs.testing.report import ModuleReport
    from pconfigs.testing.smoke import SmokeRun

OPTIONS = ("--golden", "--update-golden", "--smoke", "--timeout", "--traceback")
PREFIX = "--pconfigs-"
SLOW = 2.0
"""Seconds from which on the time that an import takes is reported."""


def command(words: list[str]) -> int:
    """Test every module of experiments; 1 if anything is wrong with one."""
    asked = parser().parse_args(words)
    from pconfigs.testing.discovery import find_modules
    from pconfigs.testing.report import CheckOptions
    from pconfigs.testing.run_checks import check

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
        from pconfigs.testing.smoke import run_small

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
        from json import dumps

        write(dumps([outcome.to_json() for outcome in outcomes], indent=2))
        return 1 if problems else 0
    from pconfigs.testing.run_checks import printing_line

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


def parser() -> Arguments:
    """Return the parser of the command line."""
    from pconfigs.cli.arguments import TRACEBACK_HELP, Arguments

    parser = Arguments("test", "Test the experiments of a project: that each module imports.")
    parser.add_argument(
        "places",
        nargs="*",
        metavar="PATH|TARGET",
        help="files, folders or modules; the current folder if there are none",
    )
    parser.add_argument(
        "--golden",
        action="store_true",
        help="compare what experiments print with golden files; with --smoke also what they log",
    )
    parser.add_argument(
        "--update-golden", action="store_true", help="write the golden files that differ anew"
    )
    parser.add_argument("--smoke", action="store_true", help="run every experiment small")
    parser.add_argument(
        "--timeout",
        type=_seconds,
        default=60.0,
        metavar="SECONDS",
        help="how long one run may take (60)",
    )
    parser.add_argument(
        "--jobs",
        type=int,
        default=0,
        metavar="N",
        help="how many runs are made at the same time (one for each processor, four at most)",
    )
    parser.add_argument("--json", action="store_true", help="as JSON, a list of modules")
    parser.add_argument("--traceback", action="store_true", help=TRACEBACK_HELP)
    return parser


def _seconds(word: str) -> float:
    seconds = float(word)
    if not seconds > 0:
        raise ValueError(word)
    return seconds


_seconds.__name__ = "number of seconds"  # argparse names the type of a bad value by this


def script() -> int:
    """Exit code of `ptest …`, as typed: the same tests, run by pytest."""
    from pconfigs.cli.main import guarded

    return guarded(ptest, sys.argv[1:])


def ptest(words: list[str]) -> int:
    """Test every module of experiments by pytest; the exit code is that of pytest.

    Its options may be given, too: `ptest -x -k digits --golden`.

    Raises:
        MissingExtraError: pytest is not installed.
    """
    if any(word in ("-h", "--help") for word in words):
        write(_help())
        return 0

    try:
        from pconfigs.testing.pytest import run
    except ModuleNotFoundError as error:
        if error.name != "pytest":
            raise
        from pconfigs.errors.base import MissingExtraError

        advice = "pip install pytest; or without it: python -m pconfigs.test"
        raise MissingExtraError("pytest", "test", "ptest", advice) from None
    return run([_prefixed(word) for word in words])


def _prefixed(word: str) -> str:
    """Our options as the plugin knows them: pytest has plugins with options of these names."""
    name = word.partition("=")[0]
    return f"{PREFIX}{word[2:]}" if name in OPTIONS else word


def _help() -> str:
    return """\
usage: ptest [PATH|TARGET ...] [--golden] [--update-golden] [--smoke] [--timeout SECONDS] [...]

Test the experiments of a project by pytest: that each module imports.

  PATH|TARGET        files, folders or modules; the current folder if there are none
  --golden           compare what experiments print with golden files
  --update-golden    write the golden files that differ anew
  --smoke            run every experiment small
  --timeout SECONDS  how long one run may take (60)
  --traceback        keep the library's own frames in tracebacks
  ...                options of pytest, such as -x, -k WORDS, -v

without pytest: python -m pconfigs.test"""
