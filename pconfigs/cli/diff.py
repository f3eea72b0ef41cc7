"""`python -m pconfigs.diff A B`: what differs between two configs; exits 1 where anything does."""

from __future__ import annotations

from pconfigs.cli.colour import painted
from pconfigs.cli.output import write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any

SIGNS = {"+": "green", "-": "red", "@": "cyan"}


def command(words: list[str]) -> int:
    """Show what differs between two targets; 1 if anything does."""
    asked = _read(words)
    from pconfigs.dotpaths import resolve
    from pconfigs.tree.diff import Changes, pdiff

    before, after = resolve(asked.before), resolve(asked.after)
    changes = pdiff(before.object, after.object)
    shown = Changes(changes.inputs) if asked.inputs else changes
    lines = _lines(asked, shown, before.object, after.object)
    if lines:
        write("\n".join(lines))
    return 1 if shown else 0


def _read(words: list[str]) -> Namespace:
    from pconfigs.cli.arguments import TARGET_HELP, TRACEBACK_HELP, Arguments

    parser = Arguments("diff", "Show what differs between two configs; exit 1 if anything does.")
    parser.add_argument("before", help=TARGET_HELP)
    parser.add_argument("after", help="the same for the other config")
    parser.add_argument("--inputs", action="store_true", help="only what was set, not what follows")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--stat", action="store_true", help="only how many values differ, and where")
    form.add_argument("--unified", action="store_true", help="a unified diff of the printed codes")
    form.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--traceback", action="store_true", help=TRACEBACK_HELP)
    return parser.read(words)


def _lines(asked: Namespace, changes: Any, before: Any, after: Any) -> list[str]:
    from pconfigs.text import diff

    if asked.json:
        from json import dumps

        return [dumps(diff.change_data(changes), indent=2)]
    if not changes:
        return []
    if asked.stat:
        return diff.stat_lines(changes)
    if asked.unified:
        lines = diff.unified_lines(before, after, (asked.before, asked.after))
        return [
            painted(line, SIGNS.get(line[:1], "dim")) if line[:1] in SIGNS else line
            for line in lines
        ]
    lines = diff.change_lines(changes)
    return [painted(line, "bold") if line in ("set", "follow") else line for line in lines]
