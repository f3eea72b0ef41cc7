"""Graph: configs as boxes of fields, with arrows from what is read to what reads it."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from pconfigs.errors.paths import PathError
from pconfigs.imports import passes_secret
from pconfigs.markers import Secret
from pconfigs.provenance.origins import HIDDEN, shown_value
from pconfigs.reports.summaries import short
from pconfigs.schema.children import holds_configs
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.tree.changes import ABSENT, ADDED, REMOVED
from pconfigs.tree.dependents import Dependents
from pconfigs.tree.diff import pdiff
from pconfigs.tree.paths import ROOT, Path
from pconfigs.tree.walk import inside, pget

VALUE_WIDTH = 30


@dataclass(slots=True)
class Row:
    """One field of a box.

    Attributes:
        name, path, text: The field and its value in a few words.
        kind: `input`, `property` or `pin`.
        status: `changed`, `added` or `removed` against the config before, or empty.
        before: The value before, in a few words, if it has changed.
    """

    name: str
    path: Path
    text: str
    kind: str
    status: str = ""
    before: str = ""


@dataclass(slots=True)
class Box:
    """One config: its path, its class, its fields."""

    path: Path
    class_name: str
    rows: list[Row] = field(default_factory=list)

    @property
    def title(self) -> str:
        return f"{self.path}: {self.class_name}" if self.path else self.class_name


@dataclass(slots=True)
class Graph:
    """Boxes in the order of the walk, and arrows between paths of rows.

    Attributes:
        boxes: The configs.
        arrows: From the path of a value to the path of the property that reads it.
        holds: From the path of a row to the path of a box in it.
        inexact: Paths of the properties of which it is not known what they read: arrows to them
            may be too many.
    """

    boxes: list[Box] = field(default_factory=list)
    arrows: list[tuple[Path, Path]] = field(default_factory=list)
    holds: list[tuple[Path, Path]] = field(default_factory=list)
    inexact: set[Path] = field(default_factory=set)


def graph_of(config: Any, before: Any = None) -> Graph:
    """Return the picture of a config; with a config before it, changes since then are marked."""
    picture = _Picture(config, {} if before is None else changed_values(before, config))
    picture.add(config, ROOT, None)
    picture.add_removed(before)
    picture.graph.arrows = picture.arrows()
    return picture.graph


class _Picture:
    """A graph while it is made."""

    def __init__(self, config: Any, changes: Mapping[Path, tuple[str, str]]) -> None:
        self.graph = Graph()
        self._config = config
        self._changes = changes
        # By the id of each config, the path of its box.
        self._places: dict[int, Path] = {}

    def add(self, value: Any, path: Path, row: Path | None) -> None:
        """Add a box for every config in a value, each once, secrets left out.

        Args:
            value: The value.
            path: Where it is.
            row: The path of the row that shows it.
        """
        if is_config(value):
            if id(value) in self._places:
                return
            self._places[id(value)] = path
            self.graph.boxes.append(self._box(value, path))
            if row is not None:
                self.graph.holds.append((row, path))
        elif not holds_configs(value):
            return
        for inner, own, item in inside(value, path, None):
            if own is None or Secret not in own.markers:
                self.add(item, inner, inner if is_config(value) else row)

    def _box(self, config: Any, path: Path) -> Box:
        box = Box(path, type(config).__name__)
        for name, own in schema_of(config).fields.items():
            text = short(shown_value(config, name), VALUE_WIDTH)
            kind = "property" if own.property is not None else "pin" if own.pinned else "input"
            row = Row(name, Path(path, name), text, kind)
            row.status, row.before = self._changes.get(row.path, ("", ""))
            box.rows.append(row)
        return box

    def add_removed(self, before: Any) -> None:
        """Add rows of what was removed since the config before."""
        boxes = {box.path: box for box in self.graph.boxes}
        for around, gone in removed_below(before, self._changes, boxes).items():
            for path, was in gone:
                name = str(path)[len(str(around)) :].removeprefix(".")
                boxes[around].rows.append(Row(name, path, was, "input", REMOVED))

    def arrows(self) -> list[tuple[Path, Path]]:
        """Return the arrows between rows; a shared part has its rows at its first path."""
        rows = {row.path for box in self.graph.boxes for row in box.rows if row.status != REMOVED}
        dependents = Dependents(self._config)
        edges = list(dependents.edges())
        self.graph.inexact = {self._row_of(path) for path in dependents.inexact()}
        row_of = {path: path for path in rows}
        for path in {path for edge in edges for path in edge if path not in rows}:
            row_of[path] = self._row_of(path)
        found = dict.fromkeys((row_of[a], row_of[b]) for a, b in edges)
        return [arrow for arrow in found if rows.issuperset(arrow) and arrow[0] != arrow[1]]

    def _row_of(self, path: Path) -> Path:
        """Return the path of the row that shows a value: of an item, the row of its list."""
        parent = path.parent
        assert parent is not None
        if not isinstance(path.step, str):
            return self._row_of(parent)
        box = self._places.get(id(pget(self._config, parent)))
        return self._row_of(parent) if box is None else Path(box, path.step)


def changed_values(before: Any, after: Any) -> dict[Path, tuple[str, str]]:
    """Return the status of each value, `changed`, `added` or `removed`, and the value before.

    Paths of removed values are those in `before`.
    """
    found: dict[Path, tuple[str, str]] = {}
    for change in pdiff(before, after):
        path = change.path
        status = change.kind if change.kind in (ADDED, REMOVED) else "changed"
        was = "" if change.before is ABSENT else short(change.before, VALUE_WIDTH)
        found[path] = (status, was)
        # A box shows one row for a whole list: something in it has changed.
        while path.parent is not None and not isinstance(path.step, str):
            path = path.parent
            if path not in found:
                found[path] = ("changed", _words_before(before, path))
    return found


def _words_before(before: Any, path: Path) -> str:
    if passes_secret(before, path.steps):
        return repr(HIDDEN)
    try:
        return short(pget(before, path), VALUE_WIDTH)
    except PathError:
        return ""  # it lies where items have moved


def removed_below(
    before: Any, changes: Mapping[Path, tuple[str, str]], places: Container[Path]
) -> dict[Path, list[tuple[Path, str]]]:
    """Return removed paths and values, by the nearest of `places` around them.

    Items of a list that is shown in a row are left out: the row shows the list before.
    """
    found: dict[Path, list[tuple[Path, str]]] = {}
    for path, (status, was) in changes.items():
        around = path.parent
        if status != REMOVED or around is None:
            continue
        if around in places or is_config(pget(before, path)):
            while around.parent is not None and around not in places:
                around = around.parent
            found.setdefault(around, []).append((path, was))
    return found
