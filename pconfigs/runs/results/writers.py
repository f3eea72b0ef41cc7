"""Tables as files: CSV, JSON, Markdown, HTML, Parquet."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from pconfigs.atomic_files import replace_file
from pconfigs.errors.targets import UsageError

if TYPE_CHECKING:
    from pconfigs.runs.results.tables import Table

FORMATS = ("csv", "json", "md", "html", "parquet")
_STYLE = (
    "<style>.pruns{border-collapse:collapse;font:13px system-ui,sans-serif}"
    ".pruns td,.pruns th{padding:2px 10px;text-align:left;border-bottom:1px solid #8884}"
    ".pruns td{font-variant-numeric:tabular-nums}</style>"
)


def write_table(table: Table, path: str) -> None:
    """Write a table to a file, whose suffix names the format.

    Raises:
        UsageError: The suffix names none.
        MissingExtraError: It is Parquet, and polars is not installed.
    """
    kind = os.path.splitext(path)[1][1:].lower()
    if kind == "parquet":
        from pconfigs.clients.polars import write_parquet

        write_parquet(table.columns, path)
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
        return markdown_table(table.texts)
    return f"<!doctype html><meta charset=utf-8><title>runs</title>{html_table(table.texts)}\n"


def _csv(table: Table) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    for row in zip(*table.columns.values()):
        writer.writerow(["" if one is None else _plain(one) for one in row])
    return text.getvalue()


def _plain(value: object) -> object:
    return value if isinstance(value, (str, int, float)) else json.dumps(value, default=str)


def markdown_table(texts: Mapping[str, Sequence[str]]) -> str:
    """Return columns of text as a table in Markdown."""

    def line(cells: Sequence[str]) -> str:
        return f"| {' | '.join(one.replace('|', '&#124;') for one in cells)} |\n"

    rows = map(line, zip(*texts.values()))
    return line(list(texts)) + line(["---"] * len(texts)) + "".join(rows)


def html_table(texts: Mapping[str, Sequence[str]]) -> str:
    """Return columns of text as a table in HTML."""
    head = "".join(f"<th>{escape(name)}</th>" for name in texts)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(one)}</td>' for one in row)}</tr>"
        for row in zip(*texts.values())
    )
    return f'{_STYLE}<table class="pruns"><tr>{head}</tr>{body}</table>'
