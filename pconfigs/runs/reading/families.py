"""Families of runs: which inherits from which, and what it sets differently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pconfigs.errors.formatting import at_most
from pconfigs.runs.reading.columns import cell, differences, setting_cell
from pconfigs.runs.reading.runs import Run

_SHOWN = 4


def family_rows(runs: Sequence[Run], metrics: Sequence[str]) -> list[list[str]]:
    """Return the head and a row for each run, below the run of what its config inherits from.

    A run whose ancestors have no run is at the top. Runs of equal configs follow each other.

    Args:
        runs: Newest first.
        metrics: Names of those that are shown.
    """
    newest: dict[str, Run] = {}
    for run in reversed(runs):
        newest[run.fingerprint] = run
    children: dict[str | None, list[Run]] = {}
    for run in sorted(runs, key=lambda run: (run.when, run.id)):
        children.setdefault(_parent_of(run, newest), []).append(run)
    rows = [["run", "state", "change", *metrics]]
    rows += _below(None, 0, children, newest, metrics)
    return rows


def _parent_of(run: Run, newest: dict[str, Run]) -> str | None:
    """Return the fingerprint of the nearest ancestor that has a run."""
    bases: list[str] = run.facts.get("bases", [])
    return next((one for one in bases if one in newest and one != run.fingerprint), None)


def _below(
    parent: str | None,
    depth: int,
    children: dict[str | None, list[Run]],
    newest: dict[str, Run],
    metrics: Sequence[str],
) -> Iterator[list[str]]:
    for run in children.get(parent, ()):
        change = "" if parent is None else ", ".join(changes(newest[parent], run))
        values = (cell(run.last.get(name)) for name in metrics)
        yield [f"{'  ' * depth}{run.id}", run.state, change, *values]
        if newest[run.fingerprint] is run:  # of equal runs, one has the children
            yield from _below(run.fingerprint, depth + 1, children, newest, metrics)


def changes(before: Run, after: Run) -> list[str]:
    """Return what a run sets differently from another one: `rate 0.5 -> 0.75`."""
    given = before.given | after.given
    found = [
        f"{path} {_shown(one)} -> {_shown(two)}"
        for path, one, two in differences(before.values, after.values)
        if path in given
    ]
    return at_most(found, _SHOWN)


def _shown(value: Any) -> str:
    return "-" if value is None else setting_cell(value)
