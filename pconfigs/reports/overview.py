"""Overview: where all values of an experiment come from, on a page that can be read.

Values that were set, with what they replaced; values that properties computed, with what they read;
defaults. Each group is headed by the file, its rows name the line. Equal items of lists share a
row: `blocks[*].width`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from pconfigs.errors.formatting import some
from pconfigs.provenance.locations import Location
from pconfigs.provenance.origins import (
    Origin,
    built_at,
    chain,
    function_place,
    origin_of,
    shown_value,
)
from pconfigs.reports.summaries import cut_inside, short
from pconfigs.reports.tables import WIDTH, columns
from pconfigs.schema.children import holds_configs
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.tree.dependents import Dependents
from pconfigs.tree.paths import ROOT, Path, pattern_of
from pconfigs.tree.walk import inside

VALUE_WIDTH, PATH_WIDTH = 30, 40
SHOWN_READS = 3


def overview_lines(config: Any) -> list[str]:
    """Return the page of a config."""
    page = _Page(config)
    page.gather(config, ROOT, frozenset(), False)
    lines = [f"{type(config).__name__}  built at {built_at(config).exact}"]
    for title, groups in (("set in", page.set), ("computed by", page.computed)):
        for file, rows in groups.items():
            cells = [row.cells() for row in rows.values()]
            lines += ["", f"{title} {file}:", *columns(cells, indent="  ")]
    for file, parts in page.defaults.items():
        lines += ["", f"defaults in {file}:"]
        for part, default in parts.items():
            lines += default.lines(part)
    return lines


@dataclass(slots=True)
class _Row:
    """One value, or equal values of several items; `note` is what it replaced or came from."""

    path: Path
    value: str
    line: str
    note: str
    count: int = 1

    def cells(self) -> tuple[str, str, str]:
        path = str(self.path) if self.count == 1 else pattern_of(self.path)
        count = "" if self.count == 1 else f"  ({self.count} of them)"
        return (f"{cut_inside(path, PATH_WIDTH)} = {self.value}", self.line, self.note + count)


@dataclass(slots=True)
class _Defaults:
    """The fields of a part that have their defaults, and the lines of these."""

    fields: dict[str, None]
    numbers: list[int]

    def lines(self, part: str) -> list[str]:
        first, last = min(self.numbers), max(self.numbers)
        where = f"line {first}" if first == last else f"lines {first} to {last}"
        text = wrap(", ".join(self.fields), WIDTH - 4, break_long_words=False)
        head = f"{cut_inside(part, PATH_WIDTH)}  " if part else ""
        return [f"  {head}{where}", *(f"    {line}" for line in text)]


_Groups = dict[str, dict[tuple[str, ...], _Row]]


class _Page:
    """The rows by file, in the order of the fields."""

    def __init__(self, config: Any) -> None:
        self.set: _Groups = {}
        self.computed: _Groups = {}
        self.defaults: dict[str, dict[str, _Defaults]] = {}
        self._dependents = Dependents(config)
        self._seen: set[int] = set()

    def gather(self, config: Any, path: Path, made: frozenset[Path], is_default: bool) -> None:
        """Add the fields of a config and of the parts in it; a part that is shared comes once.

        Args:
            config: The config.
            path: Where it is.
            made: What a property around it set in it.
            is_default: Whether the config came with a default, and all that was set in it.
        """
        if id(config) in self._seen:
            return
        self._seen.add(id(config))
        for name, field in schema_of(config).fields.items():
            at = Path(path, name)
            value = shown_value(config, name)
            parts = list(_parts(value, at))
            own = made
            if field.property is not None:
                place = function_place(field.property.function)
                self._add(self.computed, at, value, place, self._reads(config, at))
                own = frozenset(self._dependents.written(config, at)) if parts else made
            elif not parts:
                self._add_input(config, at, value, at in made, is_default)
            for inner, part in parts:
                winner = origin_of(config, name)
                by_default = is_default or (winner is not None and winner.is_default)
                self.gather(part, inner, own, by_default)

    def _add(
        self, groups: _Groups, path: Path, value: Any, place: Location | None, note: str
    ) -> None:
        file = "a place that is not known" if place is None else place.shown_file
        line = "" if place is None else place.exact.removeprefix(file).removeprefix(":")
        row = _Row(path, short(value, VALUE_WIDTH), line, note)
        rows = groups.setdefault(file, {})
        known = rows.setdefault((pattern_of(path), row.value, line, note), row)
        known.count += known is not row

    def _add_input(
        self, config: Any, path: Path, value: Any, is_made: bool, is_default: bool
    ) -> None:
        origins = list(chain(config, str(path.step)))
        winner = origins[0] if origins else None
        if winner is None or is_made or not (is_default or winner.is_default):
            place = None if winner is None else winner.place
            note = "" if len(origins) < 2 or is_made else _replaced(origins[1])
            self._add(self.computed if is_made else self.set, path, value, place, note)
            return
        parts = self.defaults.setdefault(winner.place.shown_file, {})
        part = parts.setdefault(pattern_of(path.parent or ROOT), _Defaults({}, []))
        part.fields[f"{path.step}={short(value, VALUE_WIDTH)}"] = None
        part.numbers.append(winner.place.line)

    def _reads(self, config: Any, path: Path) -> str:
        """Return what a property read, in a few words; its own config is left out of paths."""
        reads = self._dependents.reads(config, str(path.step))
        names = list(dict.fromkeys(map(pattern_of, reads.values.paths(ROOT))))
        start = "from" if reads.failure is None else "perhaps from"
        return f"{start} {some(names, SHOWN_READS)}" if names else ""


def _parts(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if is_config(value):
        yield path, value
    elif holds_configs(value):
        for inner, _, item in inside(value, path, None):
            yield from _parts(item, inner)


def _replaced(origin: Origin) -> str:
    value = short(origin.value, VALUE_WIDTH)
    return f"default {value}" if origin.is_default else f"was {value} ({origin.place})"
