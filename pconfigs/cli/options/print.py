"""Options of `python -m pconfigs.print`."""

from __future__ import annotations

from argparse import Namespace

from pconfigs.cli.arguments import Arguments
from pconfigs.errors.targets import UsageError

FORMS = {"why": "explain.why", "flat": "print_flat.command", "json": "print_json.command"}


def read(words: list[str]) -> tuple[str, Namespace]:
    """Return the function that does the work, and the options to call it with.

    Raises:
        UsageError: Options are combined that do not go together.
    """
    asked = parser().read(words)
    form = next((name for name in FORMS if getattr(asked, name)), None)
    if form is None:
        return "print.command", asked
    for name in ("max_items", "depth", "only") if form == "why" else ("max_items",):
        if getattr(asked, name) is not None:
            problem = f"--{name.replace('_', '-')} has no effect with --{form}"
            raise UsageError("print", problem, ["leave out one of them"])
    return FORMS[form], asked


def parser() -> Arguments:
    """Return the parser of the command line."""
    parser = Arguments("print", "Print everything that a target resolves to, as Python code.")
    parser.add_target()
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--values", action="store_true", help="leave out imports and notes, as str() does"
    )
    form.add_argument("--flat", action="store_true", help="one sorted 'path = value' line per leaf")
    form.add_argument("--json", action="store_true", help="as JSON")
    form.add_argument(
        "--why", metavar="PATH", action="append", help="where the value at PATH comes from"
    )
    parser.add_depth("show configs up to N levels deep")
    parser.add_argument(
        "--only", metavar="PATH", help="show what lies at PATH, e.g. model.blocks[2]"
    )
    parser.add_max_items("show N items of lists and dicts that take several lines")
    return parser
