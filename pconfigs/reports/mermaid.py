"""Mermaid: a graph as text that many sites draw, GitHub among them."""

from __future__ import annotations

from json import dumps

from pconfigs.reports.graph import Graph, Row
from pconfigs.tree.paths import Path

STYLES = {
    "property": "fill:#e8f0fe,stroke:#4a73c9,color:#000",
    "pin": "fill:#fdf0dc,stroke:#a15c00,color:#000",
    "changed": "fill:#fff3b0,stroke:#b58900,color:#000",
    "added": "fill:#d7f5dd,stroke:#2b8a3e,color:#000",
    "removed": "fill:#fbdcdc,stroke:#c0392b,color:#000",
}
MEANINGS = {
    "property": "computed",
    "pin": "pinned",
    "changed": "changed",
    "added": "added",
    "removed": "removed",
}


def to_mermaid(graph: Graph, title: str = "") -> str:
    """Return a flow chart: a group for each config, a node for each field."""
    names: dict[Path, str] = {}
    lines = ["flowchart LR"]
    if title:
        lines[:0] = ["---", f"title: {dumps(title, ensure_ascii=False)}", "---"]
    styled: dict[str, list[str]] = {}
    for index, box in enumerate(graph.boxes):
        lines.append(f'  subgraph box{index}["{_escaped(box.title)}"]')
        for row in box.rows:
            name = names[row.path] = f"n{len(names)}"
            lines.append(f'    {name}["{_escaped(label(row))}"]')
            style = row.status or row.kind
            if style in STYLES:
                styled.setdefault(style, []).append(name)
        lines.append("  end")
    boxes = {box.path: f"box{index}" for index, box in enumerate(graph.boxes)}
    lines += [f"  {names[row]} -.- {boxes[box]}" for row, box in graph.holds]
    for start, end in graph.arrows:
        arrow = "-.->" if end in graph.inexact else "-->"
        lines.append(f"  {names[start]} {arrow} {names[end]}")
    lines += [f"  classDef {style} {css}" for style, css in STYLES.items() if style in styled]
    lines += [f"  class {','.join(nodes)} {style}" for style, nodes in styled.items()]
    return "\n".join(lines) + "\n"


def label(row: Row) -> str:
    """Return a row in words: `steps = 5 (was 3)`, pins marked."""
    was = f" (was {row.before})" if row.before else ""
    mark = " (pinned)" if row.kind == "pin" else ""
    return f"{row.name} = {row.text}{was}{mark}"


def _escaped(text: str) -> str:
    """Return text in which Mermaid finds no syntax: its entities are decimal."""
    special = {c for c in set(text) if not (c.isalnum() or c in " _.,:=-+/()")}
    return text.translate({ord(c): f"#{ord(c)};" for c in special}) if special else text
