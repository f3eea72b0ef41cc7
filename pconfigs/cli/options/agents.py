"""Options of `python -m pconfigs.agents`."""

from __future__ import annotations

import os
from argparse import Namespace

from pconfigs.cli.arguments import TRACEBACK_HELP, Arguments
from pconfigs.errors.targets import UsageError

FILE = "AGENTS.md"
USAGE = "python -m pconfigs.agents install [DIR] | list [--json] | show [NAME ...]"


def read(words: list[str]) -> tuple[str, Namespace]:
    """Return the function that does the work, and the options to call it with.

    Raises:
        UsageError: Words do not go together.
    """
    if not words:
        raise UsageError("agents", "what to do is missing: install, list or show", [USAGE])
    found = parser().parse_args(words)
    if found.action == "install":
        if len(found.names) > 1:
            raise UsageError("agents", f"one folder too many: {found.names[1]}", [USAGE])
        found.folder = found.names[0] if found.names else os.curdir
    elif found.action == "list" and found.names:
        raise UsageError("agents", f"list takes no {found.names[0]!r}", [USAGE])
    return "agents.command", found


def parser() -> Arguments:
    """Return the parser of the command line."""
    about = f"Rules for coding agents: how to write and inspect code with pconfigs.\n\n{_actions()}"
    parser = Arguments("agents", about, USAGE)
    parser.add_argument("action", choices=("install", "list", "show"))
    parser.add_argument("names", nargs="*", metavar="DIR|NAME")
    parser.add_argument("--json", action="store_true", help="with list: as JSON")
    parser.add_argument("--traceback", action="store_true", help=TRACEBACK_HELP)
    return parser


def _actions() -> str:
    return (
        f"  install [DIR]    write them into DIR/{FILE}, in a marked block\n"
        "  list             names and titles of the rules\n"
        "  show [NAME ...]  the rules themselves"
    )
