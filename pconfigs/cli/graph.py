"""`python -m pconfigs.graph TARGET -o FILE`: a picture of a config, or of what came from what."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from pconfigs.cli.output import print_error, write
from pconfigs.cli.output_files import write_output
from pconfigs.cli.overrides import shown, variant_of
from pconfigs.errors.targets import UsageError, no_picture
from pconfigs.reports.dot import to_dot
from pconfigs.reports.graph import Graph, graph_of
from pconfigs.reports.graphviz import draw
from pconfigs.reports.html import to_page
from pconfigs.reports.mermaid import to_mermaid
from pconfigs.tree.walk import has_inside

TEXTS = ("dot", "mmd", "html")
DRAWN = ("svg", "png", "pdf")


def command(asked: Namespace) -> int:
    """Write a picture of a target; with a second one, of what differs between the two."""
    form = form_of(asked.output)
    found = [variant_of("graph", *target) for target in asked.targets]
    for (target, _), value in zip(asked.targets, found, strict=True):
        if not has_inside(value):
            raise no_picture(target, value)
    if len(found) > 2:
        raise UsageError("graph", "one target, or two to compare", ["see pconfigs graph --help"])
    before = found[0] if len(found) == 2 else None
    pairs = zip(asked.targets, found, strict=True)
    title = " → ".join(shown(target, config, words) for (target, words), config in pairs)
    if form == "html":
        return put(to_page(found[-1], title, before), asked)
    return put(drawn(graph_of(found[-1], before), form, title), asked)


def form_of(output: str | None) -> str:
    """Return the form of a picture by the end of its file's name; Mermaid without one."""
    form = Path(output).suffix[1:] if output else "mmd"
    if form not in (*TEXTS, *DRAWN):
        known = ", ".join(f".{name}" for name in (*DRAWN, *TEXTS))
        raise UsageError("graph", f"unknown form of picture: {output}", [f"known: {known}"])
    return form


def put(picture: str | bytes, asked: Namespace) -> int:
    """Write a picture into the file that was asked for, else to stdout."""
    if not asked.output:
        write(str(picture).rstrip("\n"))
        return 0
    data = picture if isinstance(picture, bytes) else picture.encode(errors="backslashreplace")
    write_output("graph", asked.output, data, asked.force)
    print_error(f"wrote {asked.output}")
    return 0


def drawn(graph: Graph, form: str, title: str) -> str | bytes:
    """Return the picture of a graph as text; of a drawn form, as bytes."""
    if form == "mmd":
        return to_mermaid(graph, title)
    dot = to_dot(graph, title)
    if form == "dot":
        return dot
    return draw(dot, form)
