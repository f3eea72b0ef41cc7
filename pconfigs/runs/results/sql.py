"""Runs as tables of SQL, in memory: `runs`, a row a run, and `metrics`, a row a logged value."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from pconfigs.errors.targets import UsageError
from pconfigs.runs.reading.columns import setting_cell
from pconfigs.runs.reading.runs import Run
from pconfigs.runs.results.frames import Columns, metric_columns, run_columns
from pconfigs.runs.results.tables import Table

_MOST = 1900  # columns that SQLite takes by default


def query(runs: Sequence[Run], text: str) -> Table:
    """Return the rows that a query selects.

    Raises:
        UsageError: SQLite refuses it.
    """
    connection = sqlite3.connect(":memory:")
    try:
        _fill(connection, "runs", run_columns(runs))
        if "metrics" in text.lower():
            _fill(connection, "metrics", metric_columns(runs))
        found = connection.execute(text)
        names = [column[0] for column in found.description or ()]
        rows = found.fetchall()
    except sqlite3.Error as error:
        hints = ['the tables are runs and metrics; quote names with dots: "model.depth"']
        raise UsageError("runs table", f"--sql: {error}", hints) from error
    finally:
        connection.close()
    columns: Columns = {name: [row[index] for row in rows] for index, name in enumerate(names)}
    texts = {
        name: ["" if one is None else setting_cell(one) for one in values]
        for name, values in columns.items()
    }
    return Table(columns, texts)


def _fill(connection: sqlite3.Connection, table: str, columns: Columns) -> None:
    names = list(columns)[:_MOST]
    # Names of SQL are the same in upper and lower case; those of fields may differ in it only.
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(name.lower(), name)
    unique = list(first.values())
    quoted = ", ".join('"' + name.replace('"', '""') + '"' for name in unique)
    connection.execute(f"CREATE TABLE {table} ({quoted})")
    marks = ", ".join("?" * len(unique))
    rows = zip(*(map(_value, columns[name]) for name in unique))
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def _value(value: Any) -> Any:
    """Return a value as SQLite stores it: text of JSON for lists and dicts."""
    if isinstance(value, bool):
        return int(value)
    if value is None or isinstance(value, (str, float)):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else str(value)
    return value.isoformat() if hasattr(value, "isoformat") else json.dumps(value)
