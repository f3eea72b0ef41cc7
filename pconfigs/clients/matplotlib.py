"""Matplotlib: curves as a picture in PNG or another of its formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pconfigs.errors.base import MissingExtraError

Line = tuple[str, str, Sequence[tuple[float, float]]]


def save_curves(
    panels: Sequence[tuple[str, Sequence[Line]]], labels: Mapping[str, str], path: str
) -> None:
    """Write panels of curves below each other.

    Args:
        panels: Title, and colour, label and points of each curve.
        labels: Colours of the legend by label.
        path: The file, whose suffix names the format.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from matplotlib.lines import Line2D
    except ImportError as error:
        advice = "pip install matplotlib, or name a file that ends in .svg"
        raise MissingExtraError(
            "matplotlib", "results", f"a picture such as {path}", advice
        ) from error
    figure = Figure(figsize=(7, 3.6 * max(1, len(panels))), layout="constrained")
    FigureCanvasAgg(figure)
    for index, (title, lines) in enumerate(panels):
        axes = figure.add_subplot(len(panels), 1, index + 1)
        axes.set_title(title)
        axes.set_xlabel("step")
        for color, _, points in lines:
            axes.plot([x for x, _ in points], [y for _, y in points], color=color)
        handles = [Line2D([], [], color=color, label=label) for label, color in labels.items()]
        if len(handles) <= 24:
            axes.legend(handles=handles, fontsize="small")
    figure.savefig(path, dpi=150)
