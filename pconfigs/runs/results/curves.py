"""Curves of metrics over steps, as a drawing in SVG that needs nothing else."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, TypeVar

from pconfigs.errors.base import without_controls
from pconfigs.errors.formatting import did_you_mean, listed
from pconfigs.errors.targets import UsageError
from pconfigs.runs.reading.columns import metric_names, setting_cell
from pconfigs.runs.reading.rows import as_float, logged_values
from pconfigs.runs.reading.runs import Run

PALETTE = (
    "#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#999999", "#e07b39",
)  # fmt: skip
"""Colours that people with any kind of colour vision tell apart (Tol, 2021)."""
MOST_POINTS = 1000
WIDTH, HEIGHT = 640, 360
LARGEST, SMALLEST = sys.float_info.max, sys.float_info.min
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 16, 28, 36
_LEGEND = 18
Point = tuple[float, float]
T = TypeVar("T")


@dataclass(slots=True)
class Curve:
    """One curve.

    Attributes:
        label: Of its colour.
        run: Name of its run.
        points: Step and value, by step.
    """

    label: str
    run: str
    points: list[Point]


@dataclass(slots=True)
class Panel:
    """The curves of one metric, for one value of the facets.

    Attributes:
        title: The metric, and the value of the facet.
        curves: Its curves.
    """

    title: str
    curves: list[Curve] = field(default_factory=list[Curve])


@dataclass(slots=True)
class Curves:
    """Panels of curves, which share colours.

    Attributes:
        panels: One for each metric and value of the facet.
        labels: What colours mean, in order.
        title: Of the legend: the field that colours.
    """

    panels: list[Panel]
    labels: list[str]
    title: str

    def svg(self) -> str:
        """Return the drawing as SVG."""
        return _drawing(self)

    def html(self) -> str:
        """Return a page with the drawing, which needs no network."""
        return (
            "<!doctype html><html lang=en><meta charset=utf-8><title>runs</title>"
            "<meta name=color-scheme content='light dark'>"
            f"<body style='margin:2em;color-scheme:light dark'>{self.svg()}</body></html>\n"
        )

    def _repr_html_(self) -> str:
        return self.svg()


def curves_of(
    runs: Sequence[Run],
    names: Sequence[str] = (),
    *,
    color: str | None = None,
    facet: str | None = None,
    smooth: float = 0.0,
) -> Curves:
    """Return the curves of metrics of runs.

    Args:
        runs: The runs.
        names: Of metrics; all that have steps by default.
        color: The field whose values colour the curves; the run by default.
        facet: The field that each of its values has a panel for.
        smooth: Weight of the past in an exponential average, in [0, 1).

    Raises:
        UsageError: No run has such a metric or field, or `smooth` is out of range.
    """
    if not 0 <= smooth < 1:
        raise UsageError("runs plot", f"smooth must be at least 0 and less than 1, got {smooth}")
    known = metric_names(runs)
    for name in names:
        if name not in known:
            raise _unknown("metric", name, known)
    for path in filter(None, (color, facet)):
        if all(path not in run.values for run in runs):
            raise _unknown("field", path, [one for run in runs for one in run.values])
    labels: dict[str, None] = {}
    panels: dict[str, Panel] = {}
    for run in _ordered(runs, color):
        label = run.id if color is None else setting_cell(run.values.get(color))
        by_name: dict[str, list[Point]] = {}
        for name, step, value in logged_values(run, names):
            if step is not None and isinstance(value, (int, float)):
                point = as_float(step), as_float(value)
                if math.isfinite(point[0]):
                    by_name.setdefault(name, []).append(point)
        for name, points in by_name.items():
            inside = "" if facet is None else f", {facet}={setting_cell(run.values.get(facet))}"
            panel = panels.setdefault(f"{name}{inside}", Panel(f"{name}{inside}"))
            labels[label] = None
            shown = thinned(_smoothed(sorted(points), smooth), MOST_POINTS)
            panel.curves.append(Curve(label, run.id, shown))
    return Curves([panels[key] for key in sorted(panels)], list(labels), color or "run")


def _ordered(runs: Sequence[Run], color: str | None) -> list[Run]:
    """Return the runs in the order of what colours them, oldest first."""
    if color is None:
        return sorted(runs, key=lambda run: run.when)

    def key(run: Run) -> tuple[bool, Any, float]:
        value = run.values.get(color)
        number = isinstance(value, (int, float))
        return not number, value if number else setting_cell(value), run.when

    return sorted(runs, key=key)


def _smoothed(points: list[Point], weight: float) -> list[Point]:
    """Return an exponential average, corrected for its start; gaps stay gaps."""
    if not weight:
        return points
    found: list[Point] = []
    mean, norm = 0.0, 0.0
    for step, value in points:
        if math.isfinite(value):
            mean = weight * mean + (1 - weight) * value
            norm = weight * norm + (1 - weight)
            value = mean / norm
        found.append((step, value))
    return found


def thinned(points: Sequence[T], most: int) -> list[T]:
    """Return at most so many points, at equal distances, and the last one."""
    stride = max(1, -(-len(points) // most))
    return [*points[:-1:stride], *points[-1:]]


def _unknown(kind: str, name: str, known: Sequence[str]) -> UsageError:
    names = list(dict.fromkeys(known))
    there = f"there are {listed(names[:8])}" if names else "list the runs: python -m pconfigs.runs"
    hint = did_you_mean(name, names, "{}", there)
    return UsageError("runs plot", f"no run has a {kind} {name!r}", [hint])


def colors_of(labels: Sequence[str]) -> dict[str, str]:
    """Return a colour for each label: of the palette, or a scale where there are more."""
    if len(labels) <= len(PALETTE):
        return dict(zip(labels, PALETTE))
    last = len(labels) - 1
    return {
        label: f"hsl({round(260 - 260 * index / last)} 65% 50%)"
        for index, label in enumerate(labels)
    }


def _drawing(curves: Curves) -> str:
    colors = colors_of(curves.labels)
    shown = [*curves.labels[:24], *(["..."] if len(curves.labels) > 24 else [])]
    height = len(curves.panels) * HEIGHT + _LEGEND * (len(shown) + 1) + 8
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"'
        f' viewBox="0 0 {WIDTH} {height}" font-family="system-ui,sans-serif" font-size="12"'
        ' fill="currentColor">'
    ]
    for index, panel in enumerate(curves.panels):
        parts.append(f'<g transform="translate(0 {index * HEIGHT})">')
        parts += _panel(panel, colors)
        parts.append("</g>")
    top = len(curves.panels) * HEIGHT
    parts.append(f'<text x="{_LEFT}" y="{top + 14}" font-weight="600">{_text(curves.title)}</text>')
    for index, label in enumerate(shown):
        y = top + _LEGEND * (index + 1)
        color = colors.get(label, "none")
        parts.append(f'<rect x="{_LEFT}" y="{y + 3}" width="14" height="10" fill="{color}"/>')
        parts.append(f'<text x="{_LEFT + 20}" y="{y + 13}">{_text(label)}</text>')
    return "".join([*parts, "</svg>"])


def _panel(panel: Panel, colors: dict[str, str]) -> Iterator[str]:
    points = [p for curve in panel.curves for p in curve.points if math.isfinite(p[1])]
    xs, ys = [p[0] for p in points] or [0.0], [p[1] for p in points] or [0.0]
    x_scale = _Scale(min(xs), max(xs), _LEFT, WIDTH - _RIGHT)
    y_scale = _Scale(min(ys), max(ys), HEIGHT - _BOTTOM, _TOP)
    yield f'<text x="{_LEFT}" y="18" font-weight="600">{_text(panel.title)}</text>'
    for value in x_scale.ticks():
        x = x_scale(value)
        yield f'<text x="{x:.1f}" y="{HEIGHT - _BOTTOM + 18}" text-anchor="middle">{value:g}</text>'
    for value in y_scale.ticks():
        y = y_scale(value)
        yield f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>'
        yield f'<path d="M{_LEFT} {y:.1f}H{WIDTH - _RIGHT}" stroke="currentColor" opacity=".15"/>'
    for curve in panel.curves:
        line = _path(curve.points, x_scale, y_scale)
        yield (
            f'<path d="{line}" fill="none" stroke="{colors[curve.label]}" stroke-width="1.5">'
            f"<title>{_text(curve.run)}</title></path>"
        )


def _text(text: str) -> str:
    """Return a text as XML has it, which takes no control characters."""
    return escape(without_controls(text))


class _Scale:
    """Maps values to places on an axis."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        if low == high:
            # Next to large numbers, half of one is nothing.
            margin = max(0.5, abs(low) * 1e-9)
            low, high = max(low - margin, -LARGEST), min(high + margin, LARGEST)
        self.low, self.high, self.start, self.end = low, high, start, end

    def __call__(self, value: float) -> float:
        # By halves: the difference of two finite numbers may be infinite.
        share = (value / 2 - self.low / 2) / self._half()
        return self.start + share * (self.end - self.start)

    def _half(self) -> float:
        """Return half of the range, and more than 0 between the smallest numbers."""
        return self.high / 2 - self.low / 2 or SMALLEST

    def ticks(self) -> list[float]:
        """Return about five round values on the axis."""
        rough = self._half() / 2.5
        power = 10.0 ** math.floor(math.log10(rough)) if rough else 0.0
        if not power:
            return [self.low]
        step = next(one * power for one in (1, 2, 5, 10) if one * power >= rough)
        first = math.ceil(self.low / step)
        count = math.floor(self.high / step) - first + 1
        return [round(step * (first + index), 12) for index in range(count)]


def _path(points: Sequence[Point], x_scale: _Scale, y_scale: _Scale) -> str:
    """Return a line through the points, broken where a value is not finite."""
    parts: list[str] = []
    pen_up = True
    for step, value in points:
        if not math.isfinite(value):
            pen_up = True
            continue
        parts.append(f"{'M' if pen_up else 'L'}{x_scale(step):.1f} {y_scale(value):.1f}")
        pen_up = False
    return "".join(parts)
