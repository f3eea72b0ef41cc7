"""Dependents: the properties that a value reaches, directly and through others.

What a property read is exact, inside of parts as well (property_reads.py). A property that makes a
part from the one that was given reaches those of its fields alone that it set; one that makes or
selects a part reaches all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from pconfigs.errors.access import SecretNotHeldError
from pconfigs.provenance.locations import Location
from pconfigs.provenance.origins import function_place
from pconfigs.schema.attribute_reads import codes_of
from pconfigs.schema.build_record import BASES, CODE, INHERITED, raw_inputs, record_of
from pconfigs.schema.children import parts_in
from pconfigs.schema.class_schema import held_value, is_config, schema_of
from pconfigs.tree.paths import ROOT, Path, parse_path
from pconfigs.tree.property_reads import PropertyReads, Reads, Step, property_reads
from pconfigs.tree.walk import has_inside, inside, pget, pwalk, step_into


@dataclass(slots=True)
class Dependent:
    """A property that a value reaches.

    Attributes:
        path: Of the field that the property computes, or of a field of a part that it made.
        place: Of the property.
        through: The path it was reached through; None where it reads the value itself.
        is_property: False where the field is of a part that a property made.
    """

    path: Path
    place: Location | None
    through: Path | None
    is_property: bool


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
        self._indexes: dict[int, tuple[_Readers, _Readers]] = {}
        self._written: dict[Path, dict[Path, None]] = {}

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
            for config, at, name in self._readers_of(current):
                found = Path(at, name)
                if found == start or found in reached:
                    continue
                place = function_place(schema_of(config).properties[name].function)
                reached[found] = Dependent(found, place, through, True)
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
        seen: set[int] = set()
        for path, _, config in pwalk(self.root):
            if not is_config(config) or id(config) in seen:
                continue
            seen.add(id(config))
            for name in schema_of(config).properties:
                own = Path(path, name)
                reads = self.reads(config, name)
                yield from ((read, own) for read in reads.values.paths(path) if read != own)
                yield from ((own, made) for made in self.written(config, own) if made != own)

    def _readers_of(self, path: Path) -> Iterator[tuple[Any, Path, str]]:
        """Yield the properties that read a value: config, its path, and the name; innermost first.

        A path of a part counts as read where something inside of it was read.
        """
        steps = path.steps
        value, at = self.root, ROOT
        holders: list[tuple[Any, Path, tuple[Step, ...]]] = []
        for index, step in enumerate(steps):
            if is_config(value) and schema_of(value).properties:
                holders.append((value, at, steps[index:]))
            value = step_into(value, step, at, self.root, path)
            at = Path(at, step)
        for config, at, rest in reversed(holders):
            values, given = self._index(config)
            # Where a property replaced what was given, it did not read the value that is there.
            names = [n for n in given.at(rest) if not self._is_written(config, Path(at, n), path)]
            for name in dict.fromkeys([*values.at(rest), *names]):
                yield config, at, name

    def _is_written(self, config: Any, path: Path, value: Path) -> bool:
        """Return whether the property of the field at `path` determined the value at a path."""
        written = self.written(config, path)
        node: Path | None = value
        while node is not None:
            if node in written:
                return True
            node = node.parent
        return False

    def _index(self, config: Any) -> tuple[_Readers, _Readers]:
        """Return who reads what of a config's values, and of what was given to its properties."""
        if id(config) not in self._indexes:
            values, given = _Readers(), _Readers()
            for name in schema_of(config).properties:
                reads = self.reads(config, name)
                values.add(name, reads.values)
                given.add_given(name, reads.given)
            self._indexes[id(config)] = (values, given)
        return self._indexes[id(config)]


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


def _written(config: Any, path: Path) -> Iterator[Path]:
    """Yield the paths of what the property at `path` determined of its value.

    What it took from the part that was given for its field is not its own.
    """
    name = str(path.step)
    given: set[int] = set()
    raw = raw_inputs(config).get(name)
    given.update(id(inner) for _, _, inner in pwalk(raw) if has_inside(inner))
    codes = codes_of(schema_of(config).properties[name].function.__code__)
    yield from _made_in(held_value(config, name), path, given, codes)


def _made_in(value: Any, path: Path, given: set[int], codes: set[Any]) -> Iterator[Path]:
    if is_config(value):
        record: Any = record_of(value)
        if id(value) in given:
            return
        bases = record[BASES]
        derived = any(id(base) in given for base in bases)
        if derived or (not bases and record[CODE] in codes):
            for own in schema_of(value).fields.values():
                if not record[INHERITED] >> own.index & 1:
                    yield from _made_in(
                        held_value(value, own.name), Path(path, own.name), given, codes
                    )
            return
        yield path
    elif isinstance(value, (list, tuple, dict)) and any(parts_in(value)):
        for inner, _, item in inside(value, path, None):
            yield from _made_in(item, inner, given, codes)
    else:
        yield path
