"""`python -m pconfigs.graph --lineage`: a picture of runs and the artifacts between them."""

from __future__ import annotations

from argparse import Namespace

from pconfigs.cli.graph import drawn, form_of, put
from pconfigs.cli.output import no_store, print_error
from pconfigs.cli.runs_lineage import lineage_around
from pconfigs.errors.targets import UsageError
from pconfigs.runs.lineage.graph import picture_of
from pconfigs.runs.store import find_store


def command(asked: Namespace) -> int:
    """Write a picture of what runs and artifacts came from, and of what came from them."""
    form = form_of(asked.output)
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
    return put(drawn(picture_of(graph), form, title), asked)
