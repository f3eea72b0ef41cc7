"""`python -m pconfigs.diff A B`: what differs between two configs; exits 1 where anything does.

With overrides after its only target, it is compared with the variant that they make of it.
"""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from pconfigs.cli.output import write, write_json
from pconfigs.cli.overrides import shown, variant_of
from pconfigs.cli.targets import as_printed
from pconfigs.cli.terminal import styled
from pconfigs.errors.targets import UsageError
from pconfigs.reports import diff
from pconfigs.schema.class_schema import is_config_class
from pconfigs.tree.changes import Changes
from pconfigs.tree.diff import pdiff

SIGNS = {"+": "green", "-": "red", "@": "cyan"}


def command(asked: Namespace) -> int:
    """Show what differs between two targets; 1 if anything does."""
    found = [as_printed(variant_of("diff", *target)) for target in asked.targets]
    for (target, _), value in zip(asked.targets, found, strict=True):
        if is_config_class(value):
            hint = f"give a config of it: {value.__name__}(...) in a module"
            raise UsageError("diff", f"{target} must be a config, got a class", [hint])
    changes = pdiff(*found)
    selected = Changes(changes.inputs) if asked.inputs else changes
    if asked.json:
        write_json(diff.change_data(selected))
    elif selected:
        write("\n".join(_lines(asked, selected, *found)))
    return 1 if selected else 0


def _lines(asked: Namespace, changes: Any, before: Any, after: Any) -> list[str]:
    if asked.stat:
        return diff.stat_lines(changes)
    if asked.unified:
        found = zip(asked.targets, (before, after), strict=True)
        names = [shown(target, config, words) for (target, words), config in found]
        lines = diff.unified_lines(before, after, (names[0], names[1]))
        return [
            styled(line, SIGNS.get(line[:1], "dim")) if line[:1] in SIGNS else line
            for line in lines
        ]
    lines = diff.change_lines(changes)
    return [styled(line, "bold") if line in ("set", "follow") else line for line in lines]
