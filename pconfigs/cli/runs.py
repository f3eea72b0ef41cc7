"""`python -m pconfigs.runs`: list the runs of a project, and commands about them."""

from __future__ import annotations

import gc
import sys
import time
from argparse import Namespace
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

from pconfigs.cli.output import flush, no_store, print_error, write, write_json
from pconfigs.cli.terminal import styled
from pconfigs.errors.formatting import counted
from pconfigs.reports.tables import columns
from pconfigs.runs.reading.columns import differing_fields, metric_names, rows_of
from pconfigs.runs.reading.conditions import where
from pconfigs.runs.reading.families import family_rows
from pconfigs.runs.reading.runs import Run
from pconfigs.runs.reading.selection import runs_named
from pconfigs.runs.store import Store, find_store

COLOURS = {"done": "green", "failed": "red", "lost": "red", "running": "cyan", "stopped": "yellow"}
WIDTH = 100
GAP = 2
FIELDS_FIRST = 3
INTERVAL = 0.5


def command(asked: Namespace) -> int:
    """Print the runs that were asked for, newest first."""
    store = find_store()
    if store is None:
        return no_store([] if asked.json else None)
    if asked.watch:
        return _watch(store, asked)
    with _without_collections():
        runs = _selected(store, asked)
        if asked.json:
            write_json([_data(run, asked) for run in runs])
        elif runs:
            write("\n".join(_lines(runs, asked)))
        else:
            print_error(f"no run matches in {store.shown}/")
    return 0


@contextmanager
def _without_collections() -> Generator[None]:
    """Look for no garbage: there is none among ten thousand runs, and it takes a quarter."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _selected(store: Store, asked: Namespace) -> list[Run]:
    return where(runs_named(store, asked.names, asked.smoke), asked.where)


def _data(run: Run, asked: Namespace) -> dict[str, Any]:
    data = run.summary()
    return {**data, "code": _code_state(run)} if asked.check else data


def _code_state(run: Run) -> str:
    reasons = run.stale()
    return "up to date" if not reasons else f"stale: {reasons[0].name}"


def _lines(runs: Sequence[Run], asked: Namespace) -> list[str]:
    if asked.tree:
        return columns(family_rows(runs, metric_names(runs)))
    return lines_of(runs, [_code_state(run) for run in runs] if asked.check else None)


def _watch(store: Store, asked: Namespace) -> int:
    """Print the list whenever it changes.

    In a terminal, until it is interrupted; elsewhere a line for each change of a state, until no
    run is queued or running.
    """
    before: list[str] = []
    states: dict[str, str] = {}
    in_terminal = sys.stdout.isatty()
    while True:
        runs = _selected(store, asked)
        if in_terminal:
            lines = _lines(runs, asked) if runs else ["no run matches"]
            if lines != before:
                write("\033[H\033[2J" + "\n".join(lines))
                before = lines
        else:
            for run in reversed(runs):
                if states.get(run.id) != run.state:
                    states[run.id] = run.state
                    write(f"{run.id}  {run.state}")
            if not any(run.state in ("queued", "running") for run in runs):
                return 0
        flush()
        time.sleep(INTERVAL)


def lines_of(runs: Sequence[Run], code: Sequence[str] | None = None) -> list[str]:
    """Return a table of runs that keeps to the width; a last line names columns left out.

    Args:
        runs: Newest first.
        code: The state of the code of each, where that is shown.
    """
    fields, metrics = differing_fields(runs), metric_names(runs)
    rows = rows_of(runs, fields, metrics)
    fixed = 4
    if code is not None:
        rows = [[*row[:4], state, *row[4:]] for row, state in zip(rows, ["code", *code])]
        fixed = 5
    widths = [max(map(len, column)) for column in zip(*rows)]
    used = sum(widths[:fixed]) + (fixed - 1) * GAP
    # Where not all fit: some fields, then metrics, then the other fields.
    head = range(fixed, fixed + min(len(fields), FIELDS_FIRST))
    after = fixed + len(fields)
    order = [*head, *range(after, len(widths)), *range(head.stop, after)]
    kept = set(range(fixed))
    for column in order:
        if used + GAP + widths[column] <= WIDTH:
            kept.add(column)
            used += GAP + widths[column]
    shown = sorted(kept)
    lines: list[str] = []
    for number, row in enumerate(rows):
        cells = [f"{row[column]:{widths[column]}}" for column in shown]
        if number:
            cells[1] = styled(cells[1], COLOURS[row[1]]) if row[1] in COLOURS else cells[1]
        lines.append((" " * GAP).join(cells).rstrip())
    left_out = [rows[0][column] for column in range(len(widths)) if column not in kept]
    if left_out:
        names = ", ".join(left_out[:6]) + (", ..." if len(left_out) > 6 else "")
        lines.append(f"{counted(len(left_out), 'column')} left out: {names}; --json has all")
    return lines
