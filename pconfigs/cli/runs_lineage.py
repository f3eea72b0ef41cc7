"""`python -m pconfigs.runs lineage RUN|ARTIFACT`: what came from what."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from pconfigs.cli.output import no_store, print_error, write, write_json
from pconfigs.errors.formatting import did_you_mean
from pconfigs.errors.targets import UsageError
from pconfigs.runs.lineage.graph import Lineage, lineage_of, lines_of
from pconfigs.runs.reading.lookup import find_run, names_run
from pconfigs.runs.reading.summaries import read_runs
from pconfigs.runs.store import Store, find_store


def command(asked: Namespace) -> int:
    """Show what a run or an artifact came from, and what came from it."""
    store = find_store()
    if store is None:
        return no_store({"nodes": [], "edges": []} if asked.json else None)
    graph = lineage_around(store, asked.what, asked.smoke)
    if asked.json:
        write_json(graph.data())
    elif graph.nodes:
        write("\n".join(lines_of(graph)))
    else:
        print_error(f"no run in {store.shown}/ has logged or consumed an artifact")
    return 0


def lineage_around(store: Store, words: Sequence[str], smoke: bool = False) -> Lineage:
    """Return what runs and artifacts came from, and what came from them; of all without words.

    Raises:
        UsageError: A word is not a run or an artifact.
    """
    graph = lineage_of(read_runs(store, smoke))
    if words:
        return graph.around([one for word in words for one in _meant(graph, word)])
    return graph.around([one for one in graph.nodes if graph.above[one] or graph.below[one]])


def _meant(graph: Lineage, word: str) -> list[str]:
    """Return the nodes that a word means: a version, all versions of a name, or a run."""
    if word in graph.nodes:
        return [word]
    artifacts = [node.id for node in graph.nodes.values() if node.kind == "artifact"]
    versions = [one for one in artifacts if one.rpartition(":")[0] == word]
    if versions:
        return versions
    if names_run(word):
        return [find_run(word).id]
    known = sorted({*artifacts, *(one.rpartition(":")[0] for one in artifacts)})
    hint = did_you_mean(word, known, "{}", "list them: python -m pconfigs.runs artifacts")
    raise UsageError("runs lineage", f"{word} is not a run or an artifact", [hint])
