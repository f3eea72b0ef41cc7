"""Options of `python -m pconfigs.derive`."""

from __future__ import annotations

from argparse import Namespace

from pconfigs.cli.arguments import Arguments


def read(words: list[str]) -> tuple[str, Namespace]:
    """Return the function that does the work, and the options to call it with."""
    return "derive.command", parser().read(words)


def parser() -> Arguments:
    """Return the parser of the command line."""
    about = "Write a variant of an experiment as a file that inherits from it."
    parser = Arguments("derive", about)
    parser.add_target()
    add_output(parser)
    return parser


def add_output(parser: Arguments) -> None:
    """Take `-o FILE` and `--force`."""
    text = (
        "the file to write, such as project/experiments/third.py; of a folder of numbered files,"
        " the next one; stdout if not given"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help=text)
    parser.add_argument("--force", action="store_true", help="replace the file if it is there")
