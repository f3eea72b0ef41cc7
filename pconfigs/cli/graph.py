"""`python -m pconfigs.graph TARGET -o FILE`: a picture of a config."""

from __future__ import annotations

from pconfigs.cli.output import print_error, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.cli.arguments import Arguments

TEXTS = ("dot", "mmd", "html")
DRAWN = ("svg", "png", "pdf")


def command(words: list[str]) -> int:
    """Write a picture of a target; with a second one, of what differs between the two."""
    asked = parser().read_targets(words)
    from pathlib import Path

    from pconfigs.cli.output_files import write_output
    from pconfigs.cli.overrides import shown, variant_of
    from pconfigs.errors.targets import UsageError, no_picture
    from pconfigs.tree.walk import has_inside

    form = Path(asked.output).suffix[1:] if asked.output else "mmd"
    if form not in (*TEXTS, *DRAWN):
        known = ", ".join(f".{name}" for name in (*DRAWN, *TEXTS))
        raise UsageError("graph", f"unknown form of picture: {asked.output}", [f"known: {known}"])
    found = [variant_of("graph", *target) for target in asked.targets]
    for (target, _), value in zip(asked.targets, found, strict=True):
        if not has_inside(value):
            raise no_picture(target, value)
    if len(found) > 2:
        raise UsageError("graph", "one target, or two to compare", ["see pconfigs graph --help"])
    before = found[0] if len(found) == 2 else None
    pairs = zip(asked.targets, found, strict=True)
    title = " → ".join(shown(target, config, words) for (target, words), config in pairs)
    picture = _picture(form, found[-1], before, title)
    if not asked.output:
        write(str(picture).rstrip("\n"))
        return 0
    data = picture if isinstance(picture, bytes) else picture.encode(errors="backslashreplace")
    write_output("graph", asked.output, data, asked.force)
    print_error(f"wrote {asked.output}")
    return 0


def parser() -> Arguments:
    """Return the parser of the command line."""
    from pconfigs.cli.arguments import Arguments

    usage = "python -m pconfigs.graph A [name=value ...] [B [name=value ...]] [options]"
    about = "Write a picture of a config, or of what differs between two."
    parser = Arguments("graph", about, usage)
    parser.add_targets()
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="ends in .svg, .png, .pdf (extra 'graph'), .dot, .mmd or .html; if not given, "
        "Mermaid on stdout",
    )
    parser.add_argument("--force", action="store_true", help="replace FILE where it is there")
    return parser


def _picture(form: str, config: Any, before: Any, title: str) -> str | bytes:
    if form == "html":
        from pconfigs.reports.html import to_page

        return to_page(config, title, before)
    from pconfigs.reports.graph import graph_of

    graph = graph_of(config, before)
    if form == "mmd":
        from pconfigs.reports.mermaid import to_mermaid

        return to_mermaid(graph, title)
    from pconfigs.reports.dot import to_dot

    dot = to_dot(graph, title)
    if form == "dot":
        return dot
    from pconfigs.reports.graphviz import draw

    return draw(dot, form)
