"""The graph of lineage: runs produce artifacts, and other runs consume them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pconfigs.errors.base import without_controls
from pconfigs.reports.graph import VALUE_WIDTH, Box, Graph, Row
from pconfigs.reports.summaries import short
from pconfigs.runs.lineage.files import read_consumed, read_produced
from pconfigs.runs.reading.runs import Run
from pconfigs.tree.paths import ROOT, Path

ARROW = " -> "


@dataclass(slots=True, frozen=True)
class Node:
    """A run or a version of an artifact.

    Attributes:
        id: The run's name, or the reference of the version.
        kind: What it is.
        facts: State and target of a run; digest and path of a version.
    """

    id: str
    kind: Literal["run", "artifact"]
    facts: Mapping[str, Any]


@dataclass(slots=True)
class Lineage:
    """A graph of runs and artifacts, without cycles.

    Attributes:
        nodes: By their ids.
        below: The ids that each node leads to, in the order in which runs were started.
        above: The ids that lead to each node.
    """

    nodes: dict[str, Node] = field(default_factory=dict)
    below: dict[str, list[str]] = field(default_factory=dict)
    above: dict[str, list[str]] = field(default_factory=dict)

    def note(self, node: Node) -> None:
        """Add a node, once."""
        if node.id not in self.nodes:
            self.nodes[node.id] = node
            self.below[node.id], self.above[node.id] = [], []

    def add(self, before: Node, after: Node) -> None:
        """Add an edge, once."""
        self.note(before)
        self.note(after)
        if after.id not in self.below[before.id]:
            self.below[before.id].append(after.id)
            self.above[after.id].append(before.id)

    def around(self, start: Iterable[str]) -> Lineage:
        """Return the part that leads to some nodes, or that they lead to."""
        start = list(start)
        kept = {*_reached(start, self.above), *_reached(start, self.below)}
        part = Lineage()
        for node in self.nodes.values():
            if node.id in kept:
                part.note(node)
        for before in part.nodes:
            for after in self.below[before]:
                if after in kept:
                    part.add(self.nodes[before], self.nodes[after])
        return part

    def data(self) -> dict[str, Any]:
        """Return the object of `runs lineage --json`."""
        nodes = [{"id": node.id, "kind": node.kind, **node.facts} for node in self.nodes.values()]
        edges = [
            {"from": before, "to": after} for before, there in self.below.items() for after in there
        ]
        return {"nodes": nodes, "edges": edges}


def lineage_of(runs: Iterable[Run]) -> Lineage:
    """Return the graph of all that runs produced and consumed; oldest runs first."""
    graph = Lineage()
    for run in sorted(runs, key=lambda one: (one.when, one.id)):
        node = Node(run.id, "run", {"state": run.state, "target": run.target})
        graph.note(node)
        for entry in read_consumed(run.record):
            graph.add(_version_node(entry), node)
        for entry in read_produced(run.record):
            graph.add(node, _version_node(entry))
    return graph


def lines_of(graph: Lineage) -> list[str]:
    """Return the graph as lines: a chain on one line, branches indented below where they start.

    A node that several lead to is written out once; later it is named with `(above)`.
    """
    lines: list[str] = []
    written: set[str] = set()
    for node, above in graph.above.items():
        if not above:
            _write(graph, node, lines, written)
    return lines


def picture_of(graph: Lineage) -> Graph:
    """Return the graph as a picture: a box with facts for each run and version, arrows between."""
    picture = Graph()
    for node in graph.nodes.values():
        box = Box(Path(ROOT, node.id), node.kind)
        shown = {name: str(text) for name, text in node.facts.items() if text}
        for name, text in (shown or {"name": node.id}).items():
            row = Row(name, Path(box.path, name), short(text, VALUE_WIDTH), "input")
            box.rows.append(row)
        picture.boxes.append(box)
    first = {str(box.path): box.rows[0].path for box in picture.boxes}
    picture.arrows = [
        (first[before], first[after]) for before, there in graph.below.items() for after in there
    ]
    return picture


def _write(graph: Lineage, start: str, lines: list[str], written: set[str]) -> None:
    waiting = [(start, 0)]
    while waiting:
        node, depth = waiting.pop()
        chain: list[str] = []
        after = [node]
        while len(after) == 1:
            (node,) = after
            chain.append(f"{node} (above)" if node in written else node)
            after = [] if node in written else graph.below[node]
            written.add(node)
        lines.append("  " * depth + without_controls(ARROW.join(chain)))
        waiting += [(one, depth + 1) for one in reversed(after)]


def _version_node(entry: Mapping[str, Any]) -> Node:
    facts = {key: entry.get(key, "") for key in ("digest", "path")}
    return Node(str(entry["ref"]), "artifact", facts)


def _reached(start: Iterable[str], edges: Mapping[str, list[str]]) -> set[str]:
    found: set[str] = set()
    pending = list(start)
    while pending:
        one = pending.pop()
        if one not in found:
            found.add(one)
            pending += edges.get(one, [])
    return found
