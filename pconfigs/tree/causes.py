"""Causes: the changed inputs that the value of a property follows from.

A property is evaluated once more for each side only where its causes are asked for, and not again
for other values that follow from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.tree.changes import CHANGED, CLASS, Change, FoundCauses, PropertyOrigin
from pconfigs.tree.paths import ROOT, Item, Path
from pconfigs.tree.property_reads import Reads, property_reads


class Causes:
    """The causes of the changes of one comparison."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self._changes = changes
        self._trees: tuple[_Tree, _Tree] | None = None
        # By the id of a property's path, which is one object for each place of a comparison.
        self._known: dict[int, dict[Path, None]] = {}
        # Those of which it is not known what they read, or what others read that they read.
        self._inexact: set[int] = set()

    def of(self, source: PropertyOrigin) -> FoundCauses:
        """Return the changed inputs that a property read, directly or through other properties."""
        # Depth first, each property once, as properties share most of their causes; without
        # recursion, as a chain of properties may be long.
        entered: set[int] = set()
        seen: dict[int, list[Change]] = {}
        pending = [source]
        while pending:
            current = pending[-1]
            key = id(current.path)
            if key in self._known:
                pending.pop()
            elif key not in entered:
                entered.add(key)
                seen[key] = list(self._seen(current))
                pending += [c.pair.source for c in seen[key] if c.pair.source is not None]
            else:
                pending.pop()
                self._known[key] = self._joined(seen[key])
                sources = (change.pair.source for change in seen[key])
                if any(one is not None and id(one.path) in self._inexact for one in sources):
                    self._inexact.add(key)
        key = id(source.path)
        return FoundCauses(tuple(self._known[key]), key not in self._inexact)

    def _joined(self, changes: list[Change]) -> dict[Path, None]:
        """Return the inputs among some changes, and the causes of the others."""
        causes: dict[Path, None] = {}
        sources: set[int] = set()
        for change in changes:
            source = change.pair.source
            if source is None:
                causes[change.path] = None
            elif id(source.path) not in sources:
                sources.add(id(source.path))
                causes.update(self._known.get(id(source.path), {}))
        return causes

    def _seen(self, source: PropertyOrigin) -> Iterator[Change]:
        """Yield the changes that a property itself read, on either side."""
        for side, at in enumerate((source.at_before, source.at)):
            owner = source.owners[side]
            if not is_config(owner) or source.name not in schema_of(owner).properties:
                continue
            node = self._tree(side).at(at)
            if node is None:
                continue
            reads = property_reads(owner, source.name)
            if reads.failure is not None:
                self._inexact.add(id(source.path))
            own = node.inside.get(source.name)
            if _is_other_code(source):
                yield from (change for change in node.changes if change.kind == CLASS)
            for step, inner in reads.values.steps.items():
                if step in node.inside:
                    yield from _read_in(node.inside[step], inner)
            if own is not None and own.has_inputs:
                given = reads.given.steps.get(source.name)
                if given is not None:
                    yield from _given_in(own, given)

    def _tree(self, side: int) -> _Tree:
        if self._trees is None:
            self._trees = (_Tree(), _Tree())
            for change in self._changes:
                self._trees[0].add(change.path_before, change)
                self._trees[1].add(change.path, change)
        return self._trees[side]


def _is_other_code(source: PropertyOrigin) -> bool:
    """Return whether the classes before and after compute the value by different functions."""
    found = [schema_of(o).properties.get(source.name) for o in source.owners if is_config(o)]
    return len({None if one is None else one.function for one in found}) > 1


class _Node:
    """The changes at one place, and those inside of it by step.

    Attributes:
        has_inputs: Whether there are inputs among the changes here and inside.
    """

    __slots__ = ("changes", "has_inputs", "inside")

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.inside: dict[str | Item, _Node] = {}
        self.has_inputs = False

    @property
    def made(self) -> list[Change]:
        """The changes of the value that is here in the end.

        If a property made another value of an input, that input is not what others read.
        """
        derived = [change for change in self.changes if not change.is_input]
        return derived or self.changes

    def all(self) -> Iterator[Change]:
        yield from self.made
        for inner in self.inside.values():
            yield from inner.all()


class _Tree:
    """The changes of one side, by their paths."""

    def __init__(self) -> None:
        self._nodes: dict[Path, _Node] = {ROOT: _Node()}

    def at(self, path: Path) -> _Node | None:
        """Return the node of a path; None if nothing changed there or inside."""
        return self._nodes.get(path)

    def add(self, path: Path, change: Change) -> None:
        """Add a change at a path."""
        self._node(path).changes.append(change)
        # Up to the first ancestor that knows already: n inputs cost n steps, not n times the depth.
        above: Path | None = path if change.is_input else None
        while above is not None and not self._nodes[above].has_inputs:
            self._nodes[above].has_inputs = True
            above = above.parent

    def _node(self, path: Path) -> _Node:
        found = self._nodes.get(path)
        if found is None:
            assert path.parent is not None
            assert path.step is not None
            found = self._nodes[path] = _Node()
            self._node(path.parent).inside[path.step] = found
        return found


def _read_in(node: _Node, reads: Reads) -> Iterator[Change]:
    """Yield the changes at a place and inside of it that are among what was read."""
    if reads.whole or reads.handed_on:
        yield from node.all()
        return
    yield from node.made
    for step, inner in node.inside.items():
        if step in reads.steps:
            yield from _read_in(inner, reads.steps[step])
        elif isinstance(step, Item):
            # Code that goes through the items sees that one came, went or is of another class.
            yield from (change for change in inner.made if change.kind != CHANGED)


def _given_in(node: _Node, reads: Reads) -> Iterator[Change]:
    """Yield the changes of what was given to a property that it read, or handed on as it is."""
    yield from (change for change in node.changes if change.is_input)
    for step, inner in node.inside.items():
        if step in reads.steps or reads.whole:
            yield from _given_in(inner, reads.steps.get(step, reads))
        elif isinstance(step, Item):
            yield from (c for c in inner.changes if c.is_input and c.kind != CHANGED)
