"""Differences as text and data: what was set apart from what follows, each with its line."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import unified_diff
from json import loads
from typing import Any

from pconfigs.codegen.printer import to_listing
from pconfigs.errors.formatting import counted, some
from pconfigs.provenance.origins import HIDDEN
from pconfigs.reports.explain import origin_data
from pconfigs.reports.printed_json import to_json
from pconfigs.reports.summaries import contrast, cut_inside, short
from pconfigs.reports.tables import columns
from pconfigs.tree.changes import ABSENT, ADDED, CLASS, MOVED, REMOVED, Change, Changes

PATH_WIDTH = 50


def change_lines(changes: Changes, inputs_only: bool = False) -> list[str]:
    """Return the changes as text, in at most two sections, `set` and `follow`."""
    lines: list[str] = []
    if changes.inputs:
        rows = [_input_row(change) for change in changes.inputs]
        lines += ["set", *columns(rows, indent="  ")]
    if changes.derived and not inputs_only:
        lines += [""] if lines else []
        rows = [_derived_row(group) for group in _by_property(changes.derived)]
        lines += ["follow", *columns(rows, indent="  ")]
    return lines


def stat_lines(changes: Changes) -> list[str]:
    """Return how many values differ in each field of the config, and in all."""
    counts: dict[str, list[int]] = {}
    for change in changes:
        name = str(change.path.steps[0]) if change.path else "(class)"
        counts.setdefault(name, [0, 0])[not change.is_input] += 1
    rows = [(name, f"{_set_words(*count)}") for name, count in counts.items()]
    total = _set_words(len(changes.inputs), len(changes.derived))
    return [*columns(rows), f"{counted(len(changes), 'difference')}: {total}"]


def unified_lines(before: Any, after: Any, names: tuple[str, str]) -> list[str]:
    """Return a unified diff of the two listings."""
    one, other = to_listing(before).splitlines(), to_listing(after).splitlines()
    return list(unified_diff(one, other, *names, lineterm=""))


def change_data(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Return the changes as plain data; docs/diff.md describes it."""
    return [
        {
            "path": str(change.path),
            "path_before": str(change.path_before),
            "kind": change.kind,
            "set": change.is_input,
            "before": _plain(change.before),
            "after": _plain(change.after),
            "property": None if change.property is None else str(change.property),
            "from": [str(cause) for cause in change.causes],
            "from_exact": change.causes_exact,
            "place_before": origin_data(change.origin_before),
            "place_after": origin_data(change.origin_after),
        }
        for change in changes
    ]


def _plain(value: Any) -> Any:
    if value is ABSENT:
        return None
    if value is HIDDEN:
        return repr(value)
    return short(value, 200) if isinstance(value, type) else loads(to_json(value))


def _input_row(change: Change) -> tuple[str, ...]:
    side = change.origin_before if change.kind == REMOVED else change.origin_after
    where = "" if side is None else side.place.exact
    return (cut_inside(str(change.path) or "(class)", PATH_WIDTH), _what(change), where)


def _what(change: Change) -> str:
    """Return the change of a value, in a few words."""
    if change.kind == ADDED:
        return f"added {short(change.after)}"
    if change.kind == REMOVED:
        return f"removed {short(change.before)}"
    if change.kind == MOVED:
        return f"moved from {change.path_before}"
    if change.kind == CLASS:
        return " -> ".join(_class_names(change.before, change.after))
    one, other = contrast(change.before, change.after)
    if one == other and type(change.before) is not type(change.after):
        one, other = (
            f"{one} ({type(change.before).__name__})",
            f"{other} ({type(change.after).__name__})",
        )
    return f"{one} -> {other}"


def _class_names(before: Any, after: Any) -> tuple[str, str]:
    if before.__qualname__ != after.__qualname__:
        return short(before), short(after)
    return f"{before.__module__}.{before.__qualname__}", f"{after.__module__}.{after.__qualname__}"


def _by_property(changes: list[Change]) -> list[list[Change]]:
    groups: dict[str, list[Change]] = {}
    for change in changes:
        groups.setdefault(str(change.property), []).append(change)
    return list(groups.values())


def _derived_row(group: list[Change]) -> tuple[str, ...]:
    first = group[0]
    if len(group) == 1:
        path, what = str(first.path), _what(first)
    else:
        path, what = str(first.property), counted(len(group), "value")
    causes = [cut_inside(str(cause), PATH_WIDTH) for cause in first.causes]
    start = "from" if first.causes_exact else "perhaps from"
    by = f"({start} {some(causes, 3)})" if causes else "(from nothing that was set)"
    return (cut_inside(path, PATH_WIDTH), what, by)


def _set_words(inputs: int, derived: int) -> str:
    parts = [f"{inputs} set"] if inputs else []
    parts += [f"{derived} follow"] if derived else []
    return ", ".join(parts)
