"""Columns of a list of runs: the fields that differ, then the last value of each metric."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from json import dumps
from typing import Any

from pconfigs.annotations.kinds import MISSING
from pconfigs.errors.formatting import cut
from pconfigs.runs.reading.runs import Run

FACTS = ("run", "state", "started", "took")
WIDEST = 28


def differing_fields(runs: Sequence[Run]) -> list[str]:
    """Return the paths of what was given differently in runs of one class, in config order.

    What follows from other fields is left out: it differs because they do.
    """
    classes: dict[Any, list[Run]] = {}
    for run in runs:
        classes.setdefault(run.facts.get("class"), []).append(run)
    found: dict[str, None] = {}
    for same_class in classes.values():
        paths: dict[str, None] = {}
        for run in same_class:
            paths.update((path, None) for path in run.values if path in run.given)
        for path in paths:
            first = same_class[0].values.get(path, MISSING)
            if any(not _same(run.values.get(path, MISSING), first) for run in same_class):
                found[path] = None
    order: dict[str, int] = {}
    for same_class in classes.values():
        for path in same_class[0].values:
            order.setdefault(path, len(order))
    return sorted(found, key=lambda path: order.get(path, len(order)))


def differences(before: dict[str, Any], after: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield key, value before and value after of what differs; None for what is not there."""
    for key in {**before, **after}:
        one, two = before.get(key, MISSING), after.get(key, MISSING)
        if not _same(one, two):
            yield key, None if one is MISSING else one, None if two is MISSING else two


def _same(one: Any, other: Any) -> bool:
    return one is other or (type(one) is type(other) and (one == other or one != one != other))


def metric_names(runs: Sequence[Run]) -> list[str]:
    """Return the names of all metrics of the runs, sorted."""
    return sorted({name for run in runs for name in run.last})


def cell(value: Any) -> str:
    """Return a value as text for a table."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        text = value if isinstance(value, str) else dumps(value)
        return cut(text.replace("\n", " "), WIDEST)
    if isinstance(value, int):
        return str(value)
    return f"{value:.4g}" if value and not 1e-3 <= abs(value) < 1e5 else f"{value:.4f}"


def setting_cell(value: Any) -> str:
    """Return the value of a field as text for a table, exactly."""
    return repr(value) if isinstance(value, float) else cell(value)


def started_cell(started: datetime | None, now: datetime | None = None) -> str:
    """Return when a run started, as a reader of the list would write it."""
    if started is None:
        return ""
    now = now or datetime.now().astimezone()
    day = started.date()
    if day == now.date():
        return f"today {started:%H:%M}"
    if day == (now - timedelta(days=1)).date():
        return f"yesterday {started:%H:%M}"
    return f"{started:%Y-%m-%d %H:%M}" if day.year != now.year else f"{started:%b %d %H:%M}"


def took_cell(seconds: float | None) -> str:
    """Return a duration as text: `2.6 s`, `12:30 min`, `3:05:10 h`."""
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02} h" if hours else f"{minutes}:{rest:02} min"


def rows_of(runs: Sequence[Run], fields: Sequence[str], metrics: Sequence[str]) -> list[list[str]]:
    """Return the head and a row for each run."""
    names = [f"metric.{name}" if name in fields else name for name in metrics]
    rows = [[*FACTS, *fields, *names]]
    now = datetime.now().astimezone()
    for run in runs:
        values, last = run.values, run.last
        facts = [run.id, run.state, started_cell(run.started, now), took_cell(run.took)]
        settings = [setting_cell(values.get(path)) for path in fields]
        rows.append([*facts, *settings, *(cell(last.get(name)) for name in metrics)])
    return rows
