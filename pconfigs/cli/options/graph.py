"""Options of `python -m pconfigs.graph`."""

from __future__ import annotations

from argparse import Namespace

from pconfigs.cli.arguments import Arguments


def read(words: list[str]) -> tuple[str, Namespace]:
    """Return the function that does the work, and the options to call it with."""
    if "--lineage" in words:
        return "graph_lineage.command", parser().read(words)
    return "graph.command", parser().read_targets(words)


def parser() -> Arguments:
    """Return the parser of the command line."""
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
