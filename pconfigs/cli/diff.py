"""`python -m pconfigs.diff A B`: what differs between two configs; exits 1 where anything does.

With overrides after its only target, it is compared with the variant that they make of it.
"""

from __future__ import annotations

from pconfigs.cli.output import write, write_json
from pconfigs.cli.terminal import styled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any

    from pconfigs.cli.arguments import Arguments

SIGNS = {"+": "green", "-": "red", "@": "cyan"}


def command(words: list[str]) -> int:
    """Show what differs between two targets; 1 if anything does."""
    asked = _read(words)
    from pconfigs.cli.overrides import variant_of
    from pconfigs.cli.targets import as_printed
    from pconfigs.tree.changes import Changes
    from pconfigs.tree.diff import pdiff

    found = [as_printed(variant_of("diff", *target)) for target in asked.targets]
    changes = pdiff(*found)
    shown = Changes(changes.inputs) if asked.inputs else changes
    if asked.json:
        from pconfigs.reports.diff import change_data

        write_json(change_data(shown))
    elif shown:
        write("\n".join(_lines(asked, shown, *found)))
    return 1 if shown else 0


def parser() -> Arguments:
    """Return the parser of the command line."""
    from pconfigs.cli.arguments import Arguments

    usage = "python -m pconfigs.diff A [name=value ...] [B [name=value ...]] [options]"
    about = "Show what differs between two configs; exit 1 if anything does."
    parser = Arguments("diff", about, usage)
    parser.add_targets()
    parser.add_argument("--inputs", action="store_true", help="only what was set, not what follows")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--stat", action="store_true", help="only how many values differ, and where")
    form.add_argument("--unified", action="store_true", help="a unified diff of the printed codes")
    form.add_argument("--json", action="store_true", help="as JSON")
    return parser


def _read(words: list[str]) -> Namespace:
    from pconfigs.errors.targets import FORMS, UsageError

    asked = parser().read_targets(words)
    if len(asked.targets) == 1 and asked.targets[0][1]:
        # A target and what would be changed in it.
        asked.targets.insert(0, (asked.targets[0][0], []))
    if len(asked.targets) != 2:
        count = "one target" if len(asked.targets) == 1 else f"{len(asked.targets)} targets"
        raise UsageError(
            "diff", f"diff takes two targets, or one with overrides, got {count}", [FORMS]
        )
    return asked


def _lines(asked: Namespace, changes: Any, before: Any, after: Any) -> list[str]:
    from pconfigs.reports import diff

    if asked.stat:
        return diff.stat_lines(changes)
    if asked.unified:
        from pconfigs.cli.overrides import shown

        found = zip(asked.targets, (before, after), strict=True)
        names = [shown(target, config, words) for (target, words), config in found]
        lines = diff.unified_lines(before, after, (names[0], names[1]))
        return [
            styled(line, SIGNS.get(line[:1], "dim")) if line[:1] in SIGNS else line
            for line in lines
        ]
    lines = diff.change_lines(changes)
    return [styled(line, "bold") if line in ("set", "follow") else line for line in lines]
