"""Lists of experiments: one after the other, or as a family."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pconfigs.errors.base import without_controls
from pconfigs.errors.formatting import cut
from pconfigs.imports.discovery import DiscoveredExperiment
from pconfigs.reports.tables import WIDTH, row_lines


def experiment_lines(found: Sequence[DiscoveredExperiment]) -> list[str]:
    """Return target and class of each experiment, followed by its bases and its description."""
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
    """Return the tree of experiments that inherit from each other, with the changes of each."""
    known = {one.target: one for one in found}
    children: dict[str, list[DiscoveredExperiment]] = {}
    for one in found:
        for parent in one.bases:
            children.setdefault(parent, []).append(one)
    lines: list[str] = []
    shown: set[str] = set()

    def add(one: DiscoveredExperiment, around: tuple[str, ...]) -> None:
        shown.add(one.target)
        outside = [base for base in one.bases if base not in known]
        note = f"  (from {', '.join(outside)})" if outside and not around else ""
        changed = f"  {', '.join(one.changes)}" if one.bases and one.changes else ""
        lines.append(_line(f"{'  ' * len(around)}{one.target}{note}{changed}"))
        for child in children.get(one.target, []):
            if child.target not in (*around, one.target):
                add(child, (*around, one.target))

    for one in found:
        if not any(base in known for base in one.bases):
            add(one, ())
    for one in found:
        # Experiments that inherit in a cycle have no root; importing them fails.
        if one.target not in shown:
            add(one, ())
    return lines


def experiment_data(found: Sequence[DiscoveredExperiment]) -> list[dict[str, Any]]:
    """Return the same as plain data."""
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
