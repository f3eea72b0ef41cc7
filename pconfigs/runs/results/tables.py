"""Tables of runs: one row a run, or one a group of runs that differ in some fields only."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from pconfigs.errors.base import without_controls
from pconfigs.errors.formatting import did_you_mean
from pconfigs.errors.targets import UsageError
from pconfigs.runs.reading.columns import cell, differing_fields, metric_names, setting_cell
from pconfigs.runs.reading.rows import as_float
from pconfigs.runs.reading.runs import Run
from pconfigs.runs.results.frames import Columns, Rows, field_column, metric_column
from pconfigs.runs.status import DONE

STD, COUNT = "std", "count"
_STYLE = (
    "<style>.pruns{border-collapse:collapse;font:13px system-ui,sans-serif}"
    ".pruns td,.pruns th{padding:2px 10px;text-align:left;border-bottom:1px solid #8884}"
    ".pruns td{font-variant-numeric:tabular-nums}</style>"
)


@dataclass(slots=True)
class Table(Rows):
    """A table of runs.

    Attributes:
        columns: Values by name of the column, ready for a frame or a file.
        texts: The same as people read it: a mean and its deviation are one cell.
        left_out: How many of the runs it is about are not done.
    """

    columns: Columns
    texts: dict[str, list[str]]
    left_out: int = 0

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows as dicts."""
        names = list(self.columns)
        return [dict(zip(names, row)) for row in zip(*self.columns.values())]

    def lines(self) -> list[str]:
        """Return the table as lines of text."""
        rows = [list(self.texts), *map(list, zip(*self.texts.values()))]
        widths = [max(map(len, column)) for column in zip(*rows)]
        lines: list[str] = []
        for row in rows:
            cells = (f"{text:{width}}" for text, width in zip(row, widths))
            lines.append("  ".join(cells).rstrip())
        return lines

    def _repr_html_(self) -> str:
        return html_table(self.texts)


def table_of(runs: Sequence[Run], over: Sequence[str] = (), by: str | None = None) -> Table:
    """Return a table of runs that are done.

    Args:
        runs: The runs; of several with the same config, the newest that is done counts.
        over: Fields to average over: mean, standard deviation of the sample, and count.
        by: The metric or field to sort by, best first: `accuracy` or `max accuracy` descending,
            `min loss` ascending.

    Raises:
        UsageError: No run has such a field or metric.
    """
    newest: dict[str, Run] = {}
    for run in runs:
        if run.state == DONE:
            newest.setdefault(run.fingerprint, run)
    kept = list(newest.values())
    missing = len({run.fingerprint for run in runs}) - len(kept)
    fields, metrics = differing_fields(kept), metric_names(kept)
    for name in over:
        if kept and name not in fields:
            raise _unknown("over", name, [path for run in kept for path in run.values])
    shown = [path for path in fields if path not in over]
    groups = _groups(kept, shown, bool(over))
    columns, texts = _columns(groups, shown, metrics, bool(over))
    table = Table(columns, texts, missing)
    return table if by is None else _sorted(table, by)


def _groups(
    runs: Sequence[Run], fields: Sequence[str], grouped: bool
) -> list[tuple[Mapping[str, Any], list[Run]]]:
    """Return the runs of each row, with the values of its fields."""
    found: dict[str, tuple[dict[str, Any], list[Run]]] = {}
    for run in runs:
        values = {path: run.values.get(path) for path in fields}
        key = repr(values) if grouped else run.id
        found.setdefault(key, (values, []))[1].append(run)
    return list(found.values())


def _columns(
    groups: Sequence[tuple[Mapping[str, Any], list[Run]]],
    fields: Sequence[str],
    metrics: Sequence[str],
    grouped: bool,
) -> tuple[Columns, dict[str, list[str]]]:
    columns: Columns = {}
    texts: dict[str, list[str]] = {}
    if not grouped:
        columns["run"] = [runs[0].id for _, runs in groups]
        texts["run"] = columns["run"]
    for path in fields:
        name = field_column(path)
        columns[name] = [values[path] for values, _ in groups]
        texts[name] = list(map(setting_cell, columns[name]))
    for metric in metrics:
        name = metric_column(metric, columns)
        values = [[run.last[metric] for run in runs if metric in run.last] for _, runs in groups]
        if not grouped:
            columns[name] = [found[0] if found else None for found in values]
            texts[name] = list(map(cell, columns[name]))
            continue
        figures = [_mean_and_deviation(found) for found in values]
        columns[name] = [mean for mean, _ in figures]
        columns[f"{name}.{STD}"] = [deviation for _, deviation in figures]
        texts[name] = [_mean_text(*one) for one in figures]
    if grouped:
        columns[COUNT] = [len(runs) for _, runs in groups]
        texts[COUNT] = list(map(str, columns[COUNT]))
    return columns, texts


def _mean_and_deviation(values: Sequence[Any]) -> tuple[float | None, float | None]:
    """Return the mean of numbers, and the standard deviation of a sample of two or more."""
    numbers = [as_float(one) for one in values if isinstance(one, (int, float))]
    if not numbers:
        return None, None
    if not all(map(math.isfinite, numbers)):
        return sum(numbers) / len(numbers), None if len(numbers) == 1 else math.nan
    try:
        return _of_finite(numbers, 1.0)
    except OverflowError:
        return _of_finite(numbers, max(map(abs, numbers)))


def _of_finite(numbers: Sequence[float], scale: float) -> tuple[float, float | None]:
    """Return the mean and the deviation, computed in units of `scale`.

    Raises:
        OverflowError: A sum or a square is too large.
    """
    scaled = [one / scale for one in numbers]
    mean = math.fsum(scaled) / len(scaled)
    if len(scaled) == 1:
        return mean * scale, None
    variance = math.fsum((one - mean) ** 2 for one in scaled) / (len(scaled) - 1)
    return mean * scale, math.sqrt(variance) * scale


def _mean_text(mean: float | None, deviation: float | None) -> str:
    if mean is None:
        return ""
    return cell(mean) if deviation is None else f"{cell(mean)} ± {cell(deviation or 0)}"


def _sorted(table: Table, by: str) -> Table:
    """Return the rows, best first; those without a value are last."""
    goal, _, name = by.rpartition(" ")
    if name not in table.columns or goal not in ("", "max", "min"):
        raise _unknown("by", name, table.columns)
    values = table.columns[name]
    sign = 1.0 if goal == "min" else -1.0

    def key(index: int) -> tuple[bool, Any]:
        value = values[index]
        if isinstance(value, (int, float)) and value == value:
            return False, sign * as_float(value)
        return True, 0.0

    order = sorted(range(len(values)), key=key)
    return Table(
        {name: [column[index] for index in order] for name, column in table.columns.items()},
        {name: [column[index] for index in order] for name, column in table.texts.items()},
        table.left_out,
    )


def _unknown(option: str, name: str, known: Sequence[str] | Mapping[str, Any]) -> UsageError:
    names = list(dict.fromkeys(known))
    hint = did_you_mean(name, names, "{}", f"there are {', '.join(names[:8])}")
    return UsageError("runs table", f"{option}: no run has {name!r}", [hint])


def html_table(texts: Mapping[str, Sequence[str]]) -> str:
    """Return columns of text as a table in HTML."""
    head = "".join(f"<th>{escape(without_controls(name))}</th>" for name in texts)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(without_controls(one))}</td>' for one in row)}</tr>"
        for row in zip(*texts.values())
    )
    return f'{_STYLE}<table class="pruns"><tr>{head}</tr>{body}</table>'


def names_of(over: str | Sequence[str] | None) -> Iterator[str]:
    """Yield the fields that `over` names: one, several with commas between, or a list."""
    for word in [over] if isinstance(over, str) else over or ():
        yield from filter(None, (name.strip() for name in word.split(",")))
