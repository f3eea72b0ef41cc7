"""Options of `python -m pconfigs.freeze`."""

from __future__ import annotations

from argparse import Namespace

from pconfigs.cli.arguments import Arguments
from pconfigs.cli.options.derive import add_output


def read(words: list[str]) -> tuple[str, Namespace]:
    """Return the function that does the work, and the options to call it with."""
    return "freeze.command", parser().read(words)


def parser() -> Arguments:
    """Return the parser of the command line."""
    about = "Write an experiment as a file that depends on no other experiment."
    parser = Arguments("freeze", about)
    parser.add_target()
    add_output(parser)
    return parser
