"""Lists of experiments: one after the other, or as a family."""

from __future__ import annotations

from pconfigs.errors.base import without_controls
from pconfigs.reports.summaries import cut
from pconfigs.reports.tables import WIDTH, row_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pconfigs.imports.discovery import DiscoveredExperiment


def experiment_lines(found: Sequence[DiscoveredExperiment]) -> list[str]:
    """Target and class of each experiment; below it its bases, and what is said about it."""
    lines: list[str] = []
    heads = row_lines([(one.target, one.config_class) for one in found])
    for one, head in zip(found, heads, strict=True):
        lines += head
        if one.bases:
            lines.append(_line(f"    based on {', '.join(one.bases)}"))
        if one.about:
            lines.append(_line(f"    {one.about}"))
    return lines


def _line(text: str) -> str:
    # What a module writes about itself is not to be obeyed by a terminal.
    return cut(without_controls(text), WIDTH)


def family_lines(found: Sequence[DiscoveredExperiment]) -> list[str]:
    """Who inherits from whom, with what each one changed."""
    known = {one.target: one for one in found}
    children: dict[str, list[DiscoveredExperiment]] = {}
    roots: list[DiscoveredExperiment] = []
    for one in found:
        parents = [base for base in one.bases if base in known]
        for parent in parents:
            children.setdefault(parent, []).append(one)
        if not parents:
            roots.append(one)
    lines: list[str] = []
    pending: list[tuple[DiscoveredExperiment, tuple[str, ...]]] = [
        (one, ()) for one in reversed(roots)
    ]
    shown: set[str] = set()
    while pending or len(shown) < len(known):
        if not pending:
            # Experiments that inherit in a circle have no root; importing them fails.
            pending.append((next(one for one in found if one.target not in shown), ()))
        one, above = pending.pop()
        depth = len(above)
        shown.add(one.target)
        outside = [base for base in one.bases if base not in known]
        note = f"  (from {', '.join(outside)})" if outside and not depth else ""
        sets = one.changes if one.bases else []
        changed = f"  {', '.join(sets)}" if sets else ""
        lines.append(_line(f"{'  ' * depth}{one.target}{note}{changed}"))
        above = (*above, one.target)
        below = [child for child in children.get(one.target, []) if child.target not in above]
        pending += [(child, above) for child in reversed(below)]
    return lines


def experiment_data(found: Sequence[DiscoveredExperiment]) -> list[dict[str, Any]]:
    """The same as plain data."""
    return [
        {
            "target": one.target,
            "class": one.config_class,
            "bases": one.bases,
            "changes": one.changes,
            "about": one.about,
            "file": one.file,
            "line": one.line,
        }
        for one in found
    ]
