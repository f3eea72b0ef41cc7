"""Options of `python -m pconfigs.list`."""

from __future__ import annotations

from argparse import Namespace

from pconfigs.cli.arguments import TRACEBACK_HELP, Arguments


def read(words: list[str]) -> tuple[str, Namespace]:
    """Return the function that does the work, and the options to call it with."""
    return "list.command", parser().parse_args(words)


def parser() -> Arguments:
    """Return the parser of the command line."""
    parser = Arguments("list", "List the experiments of a project, without running any.")
    parser.add_argument(
        "place", nargs="?", default=".", metavar="PATH|PACKAGE", help="a file, folder or package"
    )
    parser.add_argument("--all", action="store_true", help="also those in tests")
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--tree", action="store_true", help="who inherits from whom, and changes what"
    )
    form.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--traceback", action="store_true", help=TRACEBACK_HELP)
    return parser
