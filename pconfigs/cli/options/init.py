"""Options of `python -m pconfigs.init`."""

from __future__ import annotations

import os
from argparse import Namespace

from pconfigs.cli.arguments import TRACEBACK_HELP, Arguments

USAGE = "python -m pconfigs.init [DIR] [--name NAME]"


def read(words: list[str]) -> tuple[str, Namespace]:
    """Return the function that does the work, and the options to call it with."""
    return "init.command", parser().parse_args(words)


def parser() -> Arguments:
    """Return the parser of the command line."""
    about = (
        "Write a new project into DIR, or into the current folder: a package with a config class,\n"
        "two experiments, tests, rules for coding agents, and settings of pytest, mypy and pyright."
    )
    parser = Arguments("init", about, USAGE)
    parser.add_argument("folder", nargs="?", default=os.curdir, metavar="DIR")
    parser.add_argument("--name", help="name of the package; the name of the folder by default")
    parser.add_argument("--traceback", action="store_true", help=TRACEBACK_HELP)
    return parser
