"""Options of `python -m pconfigs.help`."""

from __future__ import annotations

from argparse import Namespace

from pconfigs.cli.arguments import Arguments


def read(words: list[str]) -> tuple[str, Namespace]:
    """Return the function that does the work, and the options to call it with."""
    asked = parser().read(words)
    return "help_schema.command" if asked.schema else "help.command", asked


def parser() -> Arguments:
    """Return the parser of the command line."""
    about = "Show what can be set in a config or config class, and what each field means."
    parser = Arguments("help", about)
    parser.add_target()
    parser.add_depth("enter configs N levels deep", least=1)
    parser.add_argument("--json", action="store_true", help="as JSON")
    text = "JSON Schema of its files, for editors to complete and check"
    parser.add_argument("--schema", action="store_true", help=text)
    return parser
