"""Options of `python -m pconfigs.test`."""

from __future__ import annotations

from argparse import Namespace

from pconfigs.cli.arguments import TRACEBACK_HELP, Arguments


def read(words: list[str]) -> tuple[str, Namespace]:
    """Return the function that does the work, and the options to call it with."""
    return "test.command", parser().parse_args(words)


def parser() -> Arguments:
    """Return the parser of the command line."""
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
