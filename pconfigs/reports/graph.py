"""Graph: configs as boxes of fields, with arrows from what is read to what reads it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pconfigs.errors.paths import PathError
from pconfigs.imports import passes_secret
from pconfigs.markers import Secret
from pconfigs.provenance.origins import HIDDEN, shown_value
from pconfigs.reports.summaries import short
from pconfigs.schema.children import parts_in
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
    """

    boxes: list[Box] = field(default_factory=list)
    arrows: list[tuple[Path, Path]] = field(default_factory=list)
    holds: list[tuple[Path, Path]] = field(default_factory=list)


def graph_of(config: Any, before: Any = None) -> Graph:
    """Return the picture of a config; with a config before it, changes since then are marked."""
    graph = Graph()
    changes = {} if before is None else changed_values(before, config)
    for path, part, row_path in _boxes(config, ROOT, None, set()):
        box = Box(path, type(part).__name__)
        graph.boxes.append(box)
        if row_path is not None:
            graph.holds.append((row_path, path))
        for name, own in schema_of(part).fields.items():
            value = shown_value(part, name)
            kind = "property" if own.property is not None else "pin" if own.pinned else "input"
            row = Row(name, Path(path, name), short(value, VALUE_WIDTH), kind)
            row.status, row.before = changes.get(row.path, ("", ""))
            box.rows.append(row)
    boxes = {box.path: box for box in graph.boxes}
    for around, gone in removed_below(before, changes, boxes).items():
        for path, was in gone:
            name = str(path)[len(str(around)) :].removeprefix(".")
            row = Row(name, path, was, "input")
            row.status = REMOVED
            boxes[around].rows.append(row)
    graph.arrows = _arrows(config, graph)
    return graph


def _boxes(
    value: Any, path: Path, row: Path | None, seen: set[int]
) -> Iterator[tuple[Path, Any, Path | None]]:
    """Yield every config with its path and that of the row that holds it, each config once."""
    if is_config(value):
        if id(value) in seen:
            return
        seen.add(id(value))
        yield path, value, row
        for inner, own, item in inside(value, path, None):
            if own is not None and Secret not in own.markers:
                yield from _boxes(item, inner, inner, seen)
    elif isinstance(value, (list, tuple, dict)) and any(parts_in(value)):
        for inner, _, item in inside(value, path, None):
            yield from _boxes(item, inner, row, seen)


def _arrows(config: Any, graph: Graph) -> list[tuple[Path, Path]]:
    """Return the arrows between rows; a part that is at several paths has its rows at the first."""
    rows = {row.path for box in graph.boxes for row in box.rows if row.status != REMOVED}
    boxes = {id(pget(config, box.path)): box.path for box in graph.boxes}

    def row_of(path: Path) -> Path:
        """Return the path of the row that shows a value: of an item, the row of its list."""
        parent = path.parent
        assert parent is not None
        box = boxes.get(id(pget(config, parent))) if isinstance(path.step, str) else None
        return row_of(parent) if box is None else Path(box, path.step)

    found = dict.fromkeys((row_of(a), row_of(b)) for a, b in Dependents(config).edges())
    return [arrow for arrow in found if rows.issuperset(arrow) and arrow[0] != arrow[1]]


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
