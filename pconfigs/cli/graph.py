"""`python -m pconfigs.graph TARGET -o FILE`: a picture of a config, or of what came from what."""

from __future__ import annotations

from pconfigs.cli.output import no_store, print_error, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace

    from pconfigs.cli.arguments import Arguments
    from pconfigs.reports.graph import Graph

TEXTS = ("dot", "mmd", "html")
DRAWN = ("svg", "png", "pdf")


def command(words: list[str]) -> int:
    """Write a picture of a target; with a second one, of what differs between the two."""
    if "--lineage" in words:
        return _lineage(parser().read(words))
    asked = parser().read_targets(words)
    from pconfigs.cli.overrides import shown, variant_of
    from pconfigs.errors.targets import UsageError, no_picture
    from pconfigs.tree.walk import has_inside

    form = _form(asked.output)
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
        from pconfigs.reports.html import to_page

        return _put(to_page(found[-1], title, before), asked)
    from pconfigs.reports.graph import graph_of

    return _put(_drawn(graph_of(found[-1], before), form, title), asked)


def _lineage(asked: Namespace) -> int:
    """Write a picture of what runs and artifacts came from, and of what came from them."""
    from pconfigs.cli.runs_lineage import lineage_around
    from pconfigs.errors.targets import UsageError
    from pconfigs.runs.lineage.graph import picture_of
    from pconfigs.runs.store import find_store

    form = _form(asked.output)
    if form == "html":
        raise UsageError("graph", "--lineage is not drawn as .html", ["write .svg, .dot or .mmd"])
    store = find_store()
    if store is None:
        return no_store()
    graph = lineage_around(store, asked.targets)
    if not graph.nodes:
        print_error(f"no run in {store.shown}/ has logged or consumed an artifact")
        return 0
    title = " ".join(["lineage", *asked.targets])
    return _put(_drawn(picture_of(graph), form, title), asked)


def parser() -> Arguments:
    """Return the parser of the command line."""
    from pconfigs.cli.arguments import Arguments

    usage = (
        "python -m pconfigs.graph A [name=value ...] [B [name=value ...]] [options]\n"
        "       python -m pconfigs.graph --lineage [RUN|ARTIFACT ...] [options]"
    )
    about = "Write a picture of a config, of what differs between two, or of what came from what."
    parser = Arguments("graph", about, usage)
    parser.add_targets()
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="ends in .svg, .png, .pdf (extra 'graph'), .dot, .mmd or .html; if not given, "
        "Mermaid on stdout",
    )
    parser.add_argument(
        "--lineage", action="store_true", help="draw runs and the artifacts between them"
    )
    parser.add_argument("--force", action="store_true", help="replace FILE where it is there")
    return parser


def _form(output: str | None) -> str:
    """Return the form of a picture by the end of its file's name; Mermaid without one."""
    from pathlib import Path

    form = Path(output).suffix[1:] if output else "mmd"
    if form not in (*TEXTS, *DRAWN):
        from pconfigs.errors.targets import UsageError

        known = ", ".join(f".{name}" for name in (*DRAWN, *TEXTS))
        raise UsageError("graph", f"unknown form of picture: {output}", [f"known: {known}"])
    return form


def _put(picture: str | bytes, asked: Namespace) -> int:
    """Write a picture into the file that was asked for, else to stdout."""
    if not asked.output:
        write(str(picture).rstrip("\n"))
        return 0
    from pconfigs.cli.output_files import write_output

    data = picture if isinstance(picture, bytes) else picture.encode(errors="backslashreplace")
    write_output("graph", asked.output, data, asked.force)
    print_error(f"wrote {asked.output}")
    return 0


def _drawn(graph: Graph, form: str, title: str) -> str | bytes:
    if form == "mmd":
        from pconfigs.reports.mermaid import to_mermaid

        return to_mermaid(graph, title)
    from pconfigs.reports.dot import to_dot

    dot = to_dot(graph, title)
    if form == "dot":
        return dot
    from pconfigs.reports.graphviz import draw

    return draw(dot, form)
