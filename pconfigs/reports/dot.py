"""DOT: a graph in the language of Graphviz."""

from __future__ import annotations

from html import escape

from pconfigs.reports.graph import Box, Graph, Row
from pconfigs.reports.mermaid import MEANINGS, label
from pconfigs.tree.paths import Path

COLOURS = {
    "input": "#ffffff",
    "property": "#e8f0fe",
    "pin": "#fdf0dc",
    "changed": "#fff3b0",
    "added": "#d7f5dd",
    "removed": "#fbdcdc",
}


def to_dot(graph: Graph, title: str = "") -> str:
    """Return a directed graph: a table for each config, a port for each field, a legend on top.

    Parts are to the right of what holds them. Arrows leave and reach rows at their sides, so that
    they do not run through text.
    """
    lines = [
        "digraph config {",
        "  rankdir=LR; bgcolor=white; ranksep=1;",
        '  node [shape=plain, fontname="Helvetica", fontsize=11];',
        '  edge [color="#4a73c9", arrowsize=0.7];',
        f'  fontname="Helvetica"; labelloc=t; label=<{_heading(graph, title)}>;',
    ]
    ports: dict[Path, tuple[int, str]] = {}
    boxes = {box.path: index for index, box in enumerate(graph.boxes)}
    for index, box in enumerate(graph.boxes):
        lines.append(f"  box{index} [label=<{_table(box)}>];")
        for number, row in enumerate(box.rows):
            ports[row.path] = (index, f"box{index}:f{number}")
    columns = [0] * len(graph.boxes)
    for row_path, box_path in graph.holds:
        holder, port = ports[row_path]
        columns[boxes[box_path]] = columns[holder] + 1
        style = "style=dashed, color=gray, arrowhead=none"
        lines.append(f"  {port}:e -> box{boxes[box_path]}:t:w [{style}];")
    for start, end in graph.arrows:
        (one, source), (other, target) = ports[start], ports[end]
        options = _sides(columns[one], columns[other], target, end in graph.inexact)
        lines.append(f"  {source}{options};")
    return "\n".join([*lines, "}"]) + "\n"


def _sides(column: int, target_column: int, target: str, is_dotted: bool) -> str:
    """Return the sides at which an arrow leaves and reaches its rows, and where it leads."""
    options = ["style=dotted"] if is_dotted else []
    if column < target_column:
        return f":e -> {target}:w" + (f" [{options[0]}]" if options else "")
    # Back, or within a column: an arrow must not push its rows apart.
    left = ":w" if column > target_column else ":e"
    return f"{left} -> {target}:e [{', '.join(['constraint=false', *options])}]"


def _table(box: Box) -> str:
    title = f'<tr><td port="t" bgcolor="#eeeeee"><b>{_text(box.title)}</b></td></tr>'
    rows = "".join(_row(number, row) for number, row in enumerate(box.rows))
    shape = 'border="0" cellborder="1" cellspacing="0" cellpadding="4"'
    return f"<table {shape}>{title}{rows}</table>"


def _heading(graph: Graph, title: str) -> str:
    """Return the title, and the meaning of the colours that occur."""
    there = {row.status or row.kind for box in graph.boxes for row in box.rows}
    cells = "".join(
        f'<td bgcolor="{COLOURS[kind]}"><font point-size="10">{meaning}</font></td>'
        for kind, meaning in MEANINGS.items()
        if kind in there
    )
    legend = f'<table border="0" cellborder="1" cellspacing="4"><tr>{cells}</tr></table>'
    shown = f"<b>{_text(title)}</b>" if title else " "
    rows = f"<tr><td>{shown}</td></tr>" + (f"<tr><td>{legend}</td></tr>" if cells else "")
    return f'<table border="0">{rows}</table>'


def _row(number: int, row: Row) -> str:
    colour = COLOURS[row.status or row.kind]
    cell = f'port="f{number}" align="left" bgcolor="{colour}"'
    return f"<tr><td {cell}>{_text(label(row))}</td></tr>"


def _text(text: str) -> str:
    # Graphviz reads its labels as C strings, which end at NUL, and as XML, which has no controls.
    return escape("".join(letter if letter.isprintable() else " " for letter in text))
