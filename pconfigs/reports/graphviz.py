"""Graphviz: pictures drawn by the `dot` program, through the optional package of the same name."""

from __future__ import annotations

from pconfigs.errors.base import MissingExtraError

FORMATS = ("svg", "png", "pdf")


def draw(dot: str, form: str) -> bytes:
    """Return a picture of a graph in the DOT language, as `svg`, `png` or `pdf`.

    Raises:
        MissingExtraError: The package or the program is not installed.
    """
    try:
        import graphviz  # type: ignore[import-untyped, import-not-found, unused-ignore]
    except ImportError:
        raise MissingExtraError("graphviz", "graph", f"drawing .{form} pictures") from None
    try:
        picture: bytes = graphviz.Source(dot).pipe(format=form)
    except graphviz.ExecutableNotFound:
        advice = "install the dot program, for example by: apt install graphviz"
        raise MissingExtraError("graphviz", "graph", f"drawing .{form} pictures", advice) from None
    return picture
