"""DOT: a graph in the language of Graphviz."""

from __future__ import annotations

from pconfigs.reports.html import escaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.reports.graph import Box, Graph, Row
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
    """A directed graph: a table for each config, a port for each field, a legend on top."""
    ports: dict[Path, str] = {}
    boxes: dict[Path, str] = {}
    lines = [
        "digraph config {",
        "  rankdir=LR; bgcolor=white;",
        '  node [shape=plain, fontname="Helvetica", fontsize=11];',
        '  edge [color="#4a73c9", arrowsize=0.7];',
        f'  fontname="Helvetica"; labelloc=t; label=<{_heading(graph, title)}>;',
    ]
    for index, box in enumerate(graph.boxes):
        boxes[box.path] = f"box{index}"
        lines.append(f"  box{index} [label=<{_table(box)}>];")
        for number, row in enumerate(box.rows):
            ports[row.path] = f"box{index}:f{number}"
    for row_path, box_path in graph.holds:
        style = "style=dashed, color=gray, arrowhead=none"
        lines.append(f"  {ports[row_path]} -> {boxes[box_path]}:t [{style}];")
    lines += [f"  {ports[start]} -> {ports[end]};" for start, end in graph.arrows]
    return "\n".join([*lines, "}"]) + "\n"


def _table(box: Box) -> str:
    title = f'<tr><td port="t" bgcolor="#eeeeee"><b>{escaped(box.title)}</b></td></tr>'
    rows = "".join(_row(number, row) for number, row in enumerate(box.rows))
    shape = 'border="0" cellborder="1" cellspacing="0" cellpadding="4"'
    return f"<table {shape}>{title}{rows}</table>"


def _heading(graph: Graph, title: str) -> str:
    """The title, and what the colours that are there mean."""
    from pconfigs.reports.mermaid import MEANINGS

    there = {row.status or row.kind for box in graph.boxes for row in box.rows}
    cells = "".join(
        f'<td bgcolor="{COLOURS[kind]}"><font point-size="10">{meaning}</font></td>'
        for kind, meaning in MEANINGS.items()
        if kind in there
    )
    legend = f'<table border="0" cellborder="1" cellspacing="4"><tr>{cells}</tr></table>'
    shown = f"<b>{escaped(title)}</b>" if title else " "
    rows = f"<tr><td>{shown}</td></tr>" + (f"<tr><td>{legend}</td></tr>" if cells else "")
    return f'<table border="0">{rows}</table>'


def _row(number: int, row: Row) -> str:
    from pconfigs.reports.mermaid import label

    colour = COLOURS[row.status or row.kind]
    cell = f'port="f{number}" align="left" bgcolor="{colour}"'
    return f"<tr><td {cell}>{escaped(label(row))}</td></tr>"
