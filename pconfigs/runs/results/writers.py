"""Tables as files: CSV, JSON, Markdown, HTML, Parquet."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Sequence

from pconfigs.atomic_files import replace_file
from pconfigs.clients import polars
from pconfigs.errors.targets import UsageError
from pconfigs.runs.results.tables import Table, html_table

FORMATS = ("csv", "json", "md", "html", "parquet")


def write_table(table: Table, path: str) -> None:
    """Write a table to a file, whose suffix names the format.

    Raises:
        UsageError: The suffix names none.
        MissingExtraError: It is Parquet, and polars is not installed.
    """
    kind = os.path.splitext(path)[1][1:].lower()
    if kind == "parquet":
        polars.write_parquet(table.columns, path)
        return
    if kind not in FORMATS:
        suffixes = ", ".join(f".{name}" for name in FORMATS)
        raise UsageError("runs table", f"a file must end in one of {suffixes}, got {path}")
    replace_file(path, text_of(table, kind).encode("utf-8", "backslashreplace"))


def text_of(table: Table, kind: str) -> str:
    """Return a table as text in a format."""
    if kind == "csv":
        return _csv(table)
    if kind == "json":
        return json.dumps(table.rows(), indent=2, default=str) + "\n"
    if kind == "md":
        return _markdown(table)
    return f"<!doctype html><meta charset=utf-8><title>runs</title>{html_table(table.texts)}\n"


def _markdown(table: Table) -> str:
    def line(cells: Sequence[str]) -> str:
        return f"| {' | '.join(one.replace('|', '&#124;') for one in cells)} |\n"

    rows = map(line, zip(*table.texts.values()))
    return line(list(table.texts)) + line(["---"] * len(table.texts)) + "".join(rows)


def _csv(table: Table) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    for row in zip(*table.columns.values()):
        writer.writerow(["" if one is None else _plain(one) for one in row])
    return text.getvalue()


def _plain(value: object) -> object:
    return value if isinstance(value, (str, int, float)) else json.dumps(value, default=str)
