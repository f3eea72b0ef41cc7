"""One page with all runs of a store: sorted, filtered and compared in a browser, offline."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from html import escape
from typing import Any

from pconfigs.annotations.kinds import NUMBERS
from pconfigs.runs.reading.columns import FACTS, differing_fields, metric_names
from pconfigs.runs.reading.rows import as_float, logged_values
from pconfigs.runs.reading.runs import Run
from pconfigs.runs.results.curves import PALETTE, thinned
from pconfigs.runs.results.frames import field_column, run_columns
from pconfigs.runs.results.page_parts import BODY, SCRIPT, STYLE

BUDGET = 250_000
"""Points of curves on a page, which are about 2.5 MB."""
MOST_POINTS, FEWEST_POINTS = 200, 12
MOST_SHOWN = 14


def page_of(runs: Sequence[Run], title: str = "runs") -> str:
    """Return a page with runs, newest first, as HTML that needs nothing else."""
    data = page_data(runs)
    note = data.pop("note")
    # In a script element its end and the start of a comment are read as markup.
    text = json.dumps(data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    body = BODY.replace("TITLE", escape(title)).replace("NOTE", escape(note))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f'<body>{body}<script id="data" type="application/json">{text}</script>'
        f"<script>{SCRIPT}</script></body></html>\n"
    )


def page_data(runs: Sequence[Run]) -> dict[str, Any]:
    """Return what the script of a page reads: columns, which are shown, and curves."""
    columns = run_columns(runs)
    columns["started"] = [
        None if run.started is None else f"{run.started:%Y-%m-%d %H:%M:%S}" for run in runs
    ]
    metrics = list(columns)[len(columns) - len(metric_names(runs)) :]
    shown = [*FACTS, *map(field_column, differing_fields(runs)), *metrics]
    curves, note = _curves(runs)
    return {
        "count": len(runs),
        "columns": [_column(name, values) for name, values in columns.items()],
        "shown": shown[:MOST_SHOWN],
        "metrics": sorted({name for run in curves.values() for name in run}),
        "curves": curves,
        "colors": PALETTE,
        "note": note,
    }


def _column(name: str, values: Sequence[Any]) -> dict[str, Any]:
    """Return a column; one of few different texts as indices into them."""
    kept = [_finite(value) for value in values]
    if all(value is None or isinstance(value, str) for value in kept):
        texts = list(dict.fromkeys(value for value in kept if value is not None))
        if len(texts) * 2 < len(kept):
            places = {text: index for index, text in enumerate(texts)}
            indices = [None if value is None else places[value] for value in kept]
            return {"name": name, "values": indices, "dict": texts}
    return {"name": name, "values": kept}


def _finite(value: Any) -> Any:
    """Return a value as JSON has it: what is not finite as text."""
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)
    if isinstance(value, (list, dict)):
        return json.dumps(value)
    return value


def _curves(runs: Sequence[Run]) -> tuple[dict[int, dict[str, Any]], str]:
    """Return steps and values by metric, of the newest runs that fit, and what was left out."""
    found: dict[int, dict[str, Any]] = {}
    left = BUDGET
    for index, run in enumerate(runs):
        if left <= 0:
            note = f"Curves are those of the newest {index} runs."
            return found, note
        by_name: dict[str, list[tuple[int, float | None]]] = {}
        for name, step, value in logged_values(run):
            if step is not None and type(value) in NUMBERS:
                number = as_float(value)
                rounded = float(f"{number:.5g}")
                # The largest numbers are rounded to infinity.
                kept_number = rounded if math.isfinite(rounded) else number
                point = kept_number if math.isfinite(number) else None
                by_name.setdefault(name, []).append((step, point))
        # What earlier runs have left is shared by the curves of those that follow.
        share = left // max(1, (len(runs) - index) * max(1, len(by_name)))
        most = min(MOST_POINTS, max(FEWEST_POINTS, share))
        kept = {
            name: tuple(zip(*thinned(points, most)))
            for name, points in by_name.items()
            if len(points) > 1
        }
        if kept:
            found[index] = kept
            left -= sum(len(steps) for steps, _ in kept.values())
    return found, ""
