"""Settings without effect, as text and as data."""

from __future__ import annotations

from contextlib import redirect_stdout
from io import StringIO
from json import loads
from typing import Any

from pconfigs.provenance.origins import HIDDEN
from pconfigs.reports.explain import origin_data, place_data, place_words
from pconfigs.reports.printed_json import to_json
from pconfigs.reports.summaries import cut_inside, short
from pconfigs.reports.tables import columns
from pconfigs.tree.unused import Unused, unused

PATH_WIDTH = 50


def no_effect_line(config: Any, target: str) -> str | None:
    """Return one line on what a config sets without effect; None if that is nothing.

    What its properties print is dropped: they printed it when the config was built.
    """
    with redirect_stdout(StringIO()):
        found = [one for one in unused(config) if one.reason in ("overwritten", "base")]
    if not found:
        return None
    first = found[0]
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    command = f"python -m pconfigs.explain {target} --unused"
    return f"no effect: {_setting(first)} at {_where(first)} ({_why(first)}){more}; {command}"


def unused_lines(found: list[Unused]) -> list[str]:
    """Return one line for each setting: its place, its value, why it has no effect."""
    return columns([(_where(one), _setting(one), _why(one)) for one in found])


def _setting(one: Unused) -> str:
    if one.reason == "base":
        return f"base {one.cause}{' of ' if one.path else ''}{one.path}"
    return f"{cut_inside(str(one.path), PATH_WIDTH)} = {short(one.value)}"


def _where(one: Unused) -> str:
    place = one.place if one.reason == "base" else None
    place = place if one.origin is None else one.origin.place
    return place_words(place)


def _why(one: Unused) -> str:
    at = "" if one.place is None else f" ({one.place})"
    if one.reason == "redundant":
        return f"same as {one.place}"
    if one.reason == "base":
        return "all its values are replaced"
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
            "place": origin_data(one.origin),
            "cause_place": place_data(one.place),
        }
        for one in found
    ]
