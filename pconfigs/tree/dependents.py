"""Dependents: the properties that a value reaches, directly and through others.

What a property read is exact, inside of parts as well (property_reads.py). A property that makes a
part from the one that was given reaches those of its fields alone that it set; one that makes or
selects a part reaches all of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pconfigs.errors.access import SecretNotHeldError
from pconfigs.provenance.locations import Location
from pconfigs.provenance.origins import function_place
from pconfigs.schema.attribute_reads import codes_of
from pconfigs.schema.build_record import CODE, INHERITED, bases_of, raw_inputs, record_of
from pconfigs.schema.children import holds_configs
from pconfigs.schema.class_schema import held_value, is_config, schema_of
from pconfigs.tree.paths import ROOT, Path, parse_path
from pconfigs.tree.property_reads import PropertyReads, Reads, Step, property_reads
from pconfigs.tree.walk import distinct_configs, has_inside, inside, pget, pwalk, step_into


@dataclass(slots=True)
class Dependent:
    """A property that a value reaches.

    Attributes:
        path: Of the field that the property computes, or of a field of a part that it made.
        place: Of the property.
        through: The path it was reached through; None where it reads the value itself.
        is_property: False where the field is of a part that a property made.
        exact: Whether what was read on the last step is known; else it may not reach it.
    """

    path: Path
    place: Location | None
    through: Path | None
    is_property: bool
    exact: bool = True


def feeds(root: Any, path: str | Path) -> list[Dependent]:
    """Return what the value at a path reaches, nearest first; nothing for the root itself.

    Raises:
        PathError: There is nothing at the path.
    """
    return Dependents(root).of(path)


class Dependents:
    """The dependents of values in one tree; each property is looked at once."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self._reads: dict[tuple[int, str], PropertyReads] = {}
        self._indexes: dict[int, _Readers] = {}
        self._written: dict[Path, dict[Path, None]] = {}
        self._positions: dict[Path, _Position] = {ROOT: _Position(root, [], [])}

    def of(self, path: str | Path) -> list[Dependent]:
        """Return what the value at a path reaches, nearest first.

        Raises:
            PathError: There is nothing at the path.
        """
        start = parse_path(path)
        with suppress(SecretNotHeldError):
            pget(self.root, start)
        reached: dict[Path, Dependent] = {}
        pending = [start] if start else []
        for current in pending:
            through = current if current != start else None
            readers = self._position(current).readers()
            if current == start:
                readers += [one for one in self._readers_of_given(start) if one not in readers]
            for config, at, name in readers:
                found = Path(at, name)
                if found == start or found in reached:
                    continue
                place = function_place(schema_of(config).properties[name].function)
                exact = self.reads(config, name).failure is None
                reached[found] = Dependent(found, place, through, True, exact)
                for written in self.written(config, found):
                    if written != found and written not in reached and written != start:
                        reached[written] = Dependent(written, place, found, False)
                    pending.append(written)
        return list(reached.values())

    def reads(self, config: Any, name: str) -> PropertyReads:
        """Return what a property read."""
        key = (id(config), name)
        if key not in self._reads:
            self._reads[key] = property_reads(config, name)
        return self._reads[key]

    def written(self, config: Any, path: Path) -> dict[Path, None]:
        """Return the paths of what the property of the field at `path` determined there."""
        if path not in self._written:
            self._written[path] = dict.fromkeys(_written(config, path))
        return self._written[path]

    def edges(self) -> Iterator[tuple[Path, Path]]:
        """Yield each value that a property read with the property, each it set with the property.

        A part that is at several paths comes at the first one.
        """
        for path, config in distinct_configs(self.root):
            for name in schema_of(config).properties:
                own = Path(path, name)
                reads = self.reads(config, name)
                yield from ((read, own) for read in reads.values.paths(path) if read != own)
                yield from ((own, made) for made in self.written(config, own) if made != own)

    def inexact(self) -> Iterator[Path]:
        """Yield the properties of the tree of which it is not known what they read."""
        for path, config in distinct_configs(self.root):
            for name in schema_of(config).properties:
                if self.reads(config, name).failure is not None:
                    yield Path(path, name)

    def _position(self, path: Path) -> _Position:
        """Return what is known of a path, from what is known of the path of what holds it."""
        found = self._positions.get(path)
        if found is None:
            assert path.parent is not None
            assert path.step is not None
            above = self._position(path.parent)
            nodes = above.nodes
            if is_config(above.value) and schema_of(above.value).properties:
                nodes = [(above.value, path.parent, self._index(above.value)), *nodes]
            whole = [*above.whole]
            inner: list[_Node] = []
            for config, at, node in nodes:
                whole += [(config, at, name) for name in node.whole]
                following = node.steps.get(path.step)
                if following is not None:
                    inner.append((config, at, following))
            value = step_into(above.value, path.step, path.parent, self.root, path)
            found = self._positions[path] = _Position(value, inner, whole)
        return found

    def _readers_of_given(self, path: Path) -> list[_Reader]:
        """Return the properties that read what was given at a path, unless one replaced it."""
        found: list[_Reader] = []
        node = path
        while node.parent is not None:
            at, name = node.parent, node.step
            config = self._position(at).value
            if is_config(config) and name in schema_of(config).properties:
                assert isinstance(name, str)
                written = self.written(config, node)
                if any(part in written for part in _up_to(path, node)):
                    return []
                readers = _Readers()
                readers.add_given(name, self.reads(config, name).given)
                if readers.at(path.steps[len(at) :]):
                    found.append((config, at, name))
            node = at
        return found

    def _index(self, config: Any) -> _Readers:
        """Return which properties of a config read which of its values."""
        if id(config) not in self._indexes:
            readers = self._indexes[id(config)] = _Readers()
            for name in schema_of(config).properties:
                readers.add(name, self.reads(config, name).values)
        return self._indexes[id(config)]


def _up_to(path: Path, last: Path) -> Iterator[Path]:
    """Yield a path and those above it, up to another one."""
    node: Path = path
    yield node
    while node is not last and node != last:
        assert node.parent is not None
        node = node.parent
        yield node


@dataclass(slots=True)
class _Readers:
    """Names of the properties that read a value, and those that read further inside of it.

    Attributes:
        here: Properties that read the value, or something inside of it.
        whole: Those for which all that is inside of it counts as read.
    """

    here: list[str] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)
    steps: dict[Step, _Readers] = field(default_factory=dict)

    def add(self, name: str, reads: Reads) -> None:
        """Add what a property read."""
        self.here.append(name)
        if reads.whole or reads.handed_on:
            self.whole.append(name)
        for step, inner in reads.steps.items():
            self.steps.setdefault(step, _Readers()).add(name, inner)

    def add_given(self, name: str, reads: Reads) -> bool:
        """Add what a property read of its own input; what it only handed on does not count."""
        inner = [
            self.steps.setdefault(step, _Readers()).add_given(name, found)
            for step, found in reads.steps.items()
        ]
        is_read = any(inner) or reads.whole or not (reads.handed_on or inner)
        if is_read:
            self.here.append(name)
        if reads.whole:
            self.whole.append(name)
        return is_read

    def at(self, steps: tuple[Step, ...]) -> list[str]:
        """Return the properties that read the value at the end of some steps."""
        found: list[str] = []
        node: _Readers = self
        for step in steps:
            found += node.whole
            following = node.steps.get(step)
            if following is None:
                return found
            node = following
        return found + node.here


# A property that reads something: its config, where that is, and its name.
_Reader: TypeAlias = tuple[Any, Path, str]
_Node: TypeAlias = tuple[Any, Path, _Readers]


@dataclass(slots=True)
class _Position:
    """A value in the tree.

    Attributes:
        value: The value.
        nodes: For the configs around it, innermost first, which properties read it.
        whole: Properties that read something that holds it as a whole.
    """

    value: Any
    nodes: list[_Node]
    whole: list[_Reader]

    def readers(self) -> list[_Reader]:
        """Return the properties that read the value, or something inside of it."""
        return [*((c, at, name) for c, at, node in self.nodes for name in node.here), *self.whole]


def _written(config: Any, path: Path) -> Iterator[Path]:
    """Yield the paths of what the property at `path` determined of its value.

    What it took from the part that was given for its field is not its own.
    """
    name = str(path.step)
    value = held_value(config, name)
    if not has_inside(value):
        yield path
        return
    codes = codes_of(schema_of(config).properties[name].function.__code__)
    given = _Given(raw_inputs(config).get(name))
    yield from _made_in(value, path, given, codes)


class _Given:
    """The configs and containers in what was given to a property."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        # Most parts are made from what was given itself, or from its items.
        self._near = {id(raw), *(id(item) for _, _, item in inside(raw, ROOT, None))}
        self._all: set[int] | None = None

    def holds(self, value: Any, bases: Sequence[Any]) -> tuple[bool, bool]:
        """Return whether a value is there, and whether one of its bases is."""
        if id(value) in self._near or any(id(base) in self._near for base in bases):
            return id(value) in self._near, True
        if self._all is None:
            self._all = {id(inner) for _, _, inner in pwalk(self._raw) if has_inside(inner)}
        return id(value) in self._all, any(id(base) in self._all for base in bases)


def _made_in(value: Any, path: Path, given: _Given, codes: set[Any]) -> Iterator[Path]:
    if is_config(value):
        record: Any = record_of(value)
        bases = bases_of(value)
        is_given, is_derived = given.holds(value, bases)
        if is_given:
            return
        if is_derived or (not bases and record[CODE] in codes):
            for own in schema_of(value).fields.values():
                if not record[INHERITED] >> own.index & 1:
                    yield from _made_in(
                        held_value(value, own.name), Path(path, own.name), given, codes
                    )
            return
        yield path
    elif holds_configs(value):
        for inner, _, item in inside(value, path, None):
            yield from _made_in(item, inner, given, codes)
    else:
        yield path
