"""Cost against size as an SVG drawn by hand: a panel per row, both axes logarithmic."""

from __future__ import annotations

import math
from collections.abc import Callable
from html import escape
from typing import Any

from benchmarks.report import number
from benchmarks.rows import NAMED, Row

WIDTH, HEIGHT = 310, 220  # of a panel, labels included
LEFT, RIGHT, TOP, BOTTOM = 76, 24, 30, 26
COLUMNS = 3
LEGEND = 28
COLOURS = {
    "dataclass": "#888888",
    "pconfigs": "#d62728",
    "attrs": "#2ca02c",
    "pydantic": "#9467bd",
    "chz": "#ff7f0e",
    "fiddle": "#1f77b4",
    "hydra": "#8c564b",
    "ml_collections": "#17becf",
}
STYLE = """
text { font: 11px system-ui, sans-serif; fill: #57606a }
.title { font-weight: 600; fill: #24292f }
.grid { stroke: #d0d7de; stroke-width: 0.5 }
polyline { fill: none; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) {
  text { fill: #8b949e } .title { fill: #e6edf3 } .grid { stroke: #30363d }
}
"""


def decades(low: float, high: float) -> list[float]:
    """Powers of ten around the values."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    return [10.0**power for power in range(first, max(last, first + 1) + 1)]


def scale(marks: list[float], start: float, end: float) -> Callable[[float], float]:
    """From a value to its place between two coordinates."""
    low, high = math.log10(marks[0]), math.log10(marks[-1])
    return lambda value: start + (math.log10(value) - low) / (high - low) * (end - start)


def panel(row: Row, cells: list[dict[str, Any]]) -> str:
    """Return the lines of all libraries for one row."""
    across = decades(min(c["case"] for c in cells), max(c["case"] for c in cells))
    up = decades(*(pick(c["value"] * row.scale for c in cells) for pick in (min, max)))
    x = scale(across, LEFT, WIDTH - RIGHT)
    y = scale(up, HEIGHT - BOTTOM, TOP)
    parts = [f'<text class="title" x="{LEFT}" y="16">{escape(row.name)}, {row.unit}</text>']
    for mark in up:
        line = f'x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(mark):.1f}" y2="{y(mark):.1f}"'
        parts.append(f'<line class="grid" {line}/>')
        words = f'x="{LEFT - 5}" y="{y(mark) + 4:.1f}" text-anchor="end"'
        parts.append(f"<text {words}>{number(mark)}</text>")
    for mark in across:
        words = f'x="{x(mark):.1f}" y="{HEIGHT - 10}" text-anchor="middle"'
        parts.append(f"<text {words}>{number(mark)}</text>")
    for library, colour in COLOURS.items():
        own = [c for c in cells if c["library"] == library]
        places = [(x(c["case"]), y(c["value"] * row.scale)) for c in own]
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in places)
        width = ' style="stroke-width: 2.5"' if library == "pconfigs" else ""
        parts.append(f'<polyline points="{points}" stroke="{colour}"{width}/>')
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="2" fill="{colour}"/>' for a, b in places]
    return "\n".join(parts)


def legend(libraries: list[str]) -> str:
    """Return the names of the libraries in their colours."""
    parts = []
    for index, library in enumerate(libraries):
        left = LEFT + index * 100
        parts.append(f'<rect x="{left}" y="8" width="12" height="4" fill="{COLOURS[library]}"/>')
        parts.append(f'<text x="{left + 17}" y="14">{escape(library)}</text>')
    return "\n".join(parts)


def svg(result: dict[str, Any]) -> str:
    """Return the picture of all rows whose cases are sizes and that have more than one."""
    panels = []
    for row in NAMED.values():
        cells = [c for c in result["cells"] if c["row"] == row.name and c.get("value", 0) > 0]
        if row.sizes and len({c["case"] for c in cells}) > 1:
            panels.append(panel(row, cells))
    seen = {c["library"] for c in result["cells"]}
    width = COLUMNS * WIDTH
    height = LEGEND + math.ceil(len(panels) / COLUMNS) * HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        "<title>Cost against size</title>",
        f"<style>{STYLE}</style>",
        legend([name for name in COLOURS if name in seen]),
    ]
    for index, drawn in enumerate(panels):
        left, top = index % COLUMNS * WIDTH, LEGEND + index // COLUMNS * HEIGHT
        parts.append(f'<g transform="translate({left},{top})">\n{drawn}\n</g>')
    return "\n".join([*parts, "</svg>", ""])
