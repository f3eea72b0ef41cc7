"""Settings without effect, as text and as data."""

from __future__ import annotations

from json import loads
from typing import Any

from pconfigs.provenance.origins import HIDDEN
from pconfigs.reports.explain import place_data
from pconfigs.reports.printed_json import to_json
from pconfigs.reports.summaries import cut_inside, short
from pconfigs.reports.tables import columns
from pconfigs.tree.unused import Unused

PATH_WIDTH = 50


def unused_lines(found: list[Unused]) -> list[str]:
    """Return one line for each setting: its place, its value, why it has no effect."""
    return columns([(_where(one), _setting(one), _why(one)) for one in found])


def _setting(one: Unused) -> str:
    return f"{cut_inside(str(one.path), PATH_WIDTH)} = {short(one.value)}"


def _where(one: Unused) -> str:
    return "place not known" if one.origin is None else one.origin.place.exact


def _why(one: Unused) -> str:
    at = "" if one.place is None else f" ({one.place})"
    if one.reason == "redundant":
        return f"same as {one.place}"
    if one.reason == "unread":
        return "not read"
    if one.reason == "unknown":
        return f"not known: {one.cause}{at} raises when it is evaluated again"
    return f"overwritten by {one.cause}{at}"


def unused_data(found: list[Unused]) -> list[dict[str, Any]]:
    """Return the same as plain data."""
    return [
        {
            "path": str(one.path),
            "value": repr(one.value) if one.value is HIDDEN else loads(to_json(one.value)),
            "reason": one.reason,
            "cause": one.cause,
            "place": None if one.origin is None else place_data(one.origin.place),
            "cause_place": place_data(one.place),
        }
        for one in found
    ]
