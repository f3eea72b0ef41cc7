"""Columns of text as tables in Markdown and HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

_STYLE = (
    "<style>.pruns{border-collapse:collapse;font:13px system-ui,sans-serif}"
    ".pruns td,.pruns th{padding:2px 10px;text-align:left;border-bottom:1px solid #8884}"
    ".pruns td{font-variant-numeric:tabular-nums}</style>"
)


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
