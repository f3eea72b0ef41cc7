"""Explain: where a value of a config comes from, and what it feeds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pconfigs.errors.formatting import cut, nearest
from pconfigs.errors.paths import PathError
from pconfigs.markers import Pinned, Required
from pconfigs.provenance.locations import Location
from pconfigs.provenance.origins import (
    HIDDEN,
    Origin,
    built_at,
    chain,
    function_place,
    is_secret,
    origin_of,
)
from pconfigs.reports.overview import overview_lines
from pconfigs.reports.summaries import short, words
from pconfigs.reports.tables import columns
from pconfigs.schema.build_record import EnvironmentRead, reads_of
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.schema.equality import same_value
from pconfigs.schema.fields import Field
from pconfigs.tree.dependents import Dependent, Dependents
from pconfigs.tree.paths import ROOT, Path, parse_path, pattern_of
from pconfigs.tree.property_reads import Failure
from pconfigs.tree.walk import path_in, pget, step_into

VALUE_WIDTH = 40
FOLDED = 3
"""More values of one pattern, such as `blocks[*].width`, share a row."""
MOST_FEEDS = 12


@dataclass(slots=True)
class ReadEntry:
    """A field or environment variable that a property read.

    Attributes:
        path, value: The field; of a variable, `environment.name` and its text.
        origin: Where its input was set; None if nothing was given or it is not known.
        place: Of its property, if it has one.
        reads: What that property read in turn; empty unless asked for.
        environment: The variable with its text at the time, if that was read.
    """

    path: Path
    value: Any
    origin: Origin | None
    place: Location | None
    reads: list[ReadEntry] = field(default_factory=list)
    environment: EnvironmentRead | None = None

    @property
    def where(self) -> Location | None:
        """Its property's place, or else where it was set."""
        return self.place or (self.origin.place if self.origin is not None else None)


@dataclass(slots=True, repr=False)
class Explanation:
    """Where a value comes from; `str()` of it is text for people, of a whole config a page.

    Attributes:
        path, value: The value.
        origins: Where its input was set: the one that won, then each that it replaced, down to the
            default.
        property_path, property_place, property_name: The property that computes it, if any.
        reads: What that property read.
        failure: Why that is not exact; None where it is.
        handed: Properties that put the parts on the way here: path and place of each.
        built: Where the value was built, if it is a config.
        feeds: What it reaches.
        environment: If an environment variable is explained: its text when a property read it, or
            else its text now.
    """

    path: Path
    value: Any
    origins: list[Origin] = field(default_factory=list)
    property_path: Path | None = None
    property_place: Location | None = None
    property_name: str = ""
    reads: list[ReadEntry] = field(default_factory=list)
    failure: Failure | None = None
    handed: list[tuple[Path, Location | None]] = field(default_factory=list)
    built: Location | None = None
    feeds: list[Dependent] = field(default_factory=list)
    environment: EnvironmentRead | None = None

    def __str__(self) -> str:
        if not self.path and is_config(self.value):
            return "\n".join(overview_lines(self.value))
        return "\n".join(_lines(self))

    def __repr__(self) -> str:
        return str(self)

    def to_json(self) -> dict[str, Any]:
        """Return the same as plain data; docs/explain.md describes it."""
        computed = None
        if self.property_path is not None:
            computed = {"name": self.property_name, "place": place_data(self.property_place)}
        return {
            "path": str(self.path),
            "value": words(self.value),
            "type": type(self.value).__qualname__,
            "computed": computed,
            "reads": [_read_data(read) for read in self.reads],
            "reads_exact": self.failure is None,
            "origins": [
                {
                    "value": words(origin.value),
                    "default": origin.is_default,
                    "exact": origin.exact,
                    "text": origin.text,
                    "place": place_data(origin.place),
                }
                for origin in self.origins
            ],
            "through": [
                {"path": str(path), "place": place_data(place)} for path, place in self.handed
            ],
            "built": place_data(self.built),
            "environment": _environment_data(self.environment),
            "feeds": [
                {
                    "path": str(feed.path),
                    "place": place_data(feed.place),
                    "through": None if feed.through is None else str(feed.through),
                    "exact": feed.exact,
                }
                for feed in self.feeds
            ],
        }


def pexplain(config: Any, path: str | Path = "", *, deep: bool = False) -> Explanation:
    """Return where the value at a path comes from: what set or computed it, and what it feeds.

    Args:
        config: The config.
        path: Of the value: `"model.width"`; the config itself if empty.
        deep: Follow what a property read to any depth.

    Raises:
        PathError: There is nothing at the path; the nearest that is there is named.
    """
    return explain(Dependents(config), path, deep)


def explain(dependents: Dependents, path: str | Path, deep: bool) -> Explanation:
    """Return what `pexplain` does; the dependents of one config serve for several paths."""
    wanted = parse_path(path)
    variable = _explained_variable(dependents, wanted)
    if variable is not None:
        return variable
    wanted = path_in(dependents.root, path)
    place = _Place(dependents.root, wanted)
    found = Explanation(wanted, place.shown)
    if place.field is not None:
        computed = place.field.property is not None
        found.handed = place.handed[:-1] if computed else place.handed
        _explain_field(found, place, dependents, deep)
        found.feeds = dependents.of(wanted)
    if is_config(place.value):
        found.built = built_at(place.value)
    return found


class _Place:
    """A value in a tree, and the field that holds it.

    Attributes:
        value: The value.
        owner, path: The config that has the field, and where it is.
        field: The field; None at the root.
        secret: Whether the value is inside of a `Secret` field.
        handed: Properties that put the parts on the way there: path and place of each.
    """

    def __init__(self, root: Any, wanted: Path) -> None:
        self.value = root
        self.owner: Any = root
        self.path = ROOT
        self.field: Field | None = None
        self.secret = False
        self.handed: list[tuple[Path, Location | None]] = []
        at = ROOT
        for step in wanted.steps:
            holder, holder_path = self.value, at
            self.value = step_into(holder, step, at, root, wanted)
            at = Path(at, step)
            if isinstance(step, str):
                self.owner, self.path = holder, holder_path
                self.field = schema_of(holder).fields[step]
                self.secret = self.secret or is_secret(holder, step)
                if self.field.property is not None:
                    self.handed.append((at, function_place(self.field.property.function)))

    @property
    def shown(self) -> Any:
        return HIDDEN if self.secret else self.value


def _explain_field(found: Explanation, place: _Place, dependents: Dependents, deep: bool) -> None:
    own, owner = place.field, place.owner
    assert own is not None
    found.origins = list(chain(owner, own.name))
    for origin in found.origins if place.secret else ():
        origin.hide()
    if own.property is not None:
        found.property_path = Path(place.path, own.name)
        found.property_place = function_place(own.property.function)
        found.property_name = f"{(own.property.owner or type(owner)).__name__}.{own.name}"
        found.reads = _reads(dependents, owner, found.property_path, deep)
        found.failure = dependents.reads(owner, own.name).failure


def _explained_variable(dependents: Dependents, wanted: Path) -> Explanation | None:
    """Return the explanation of `….environment.NAME`; None if the path leads elsewhere."""
    holder = wanted.parent
    if holder is None or holder.parent is None or holder.step != "environment":
        return None
    owner = pget(dependents.root, holder.parent)
    if not is_config(owner) or "environment" in schema_of(owner).fields:
        return None
    name = f"environment.{wanted.step}"
    readers = [reader for reader, read in reads_of(owner).items() if name in read]
    seen = [read for reader in readers for read in reads_of(owner)[reader] if read == name]
    if not seen and schema_of(owner).environment is None:
        return None
    read = seen[0] if seen else _read_now(schema_of(owner).environment, wanted)
    assert isinstance(read, EnvironmentRead)
    found = Explanation(wanted, _text_read(read))
    found.environment = read
    reached: dict[Path, Dependent] = {}
    for reader in readers:
        path = Path(holder.parent, reader)
        place = function_place(schema_of(owner).properties[reader].function)
        reached[path] = Dependent(path, place, None, True)
        for feed in dependents.of(path):
            feed.through = feed.through or path
            reached.setdefault(feed.path, feed)
    found.feeds = list(reached.values())
    return found


def _read_now(environment: Any, wanted: Path) -> EnvironmentRead:
    """Return the reading of a variable now."""
    name = str(wanted.step)
    read: EnvironmentRead | None = environment.__penv_read__(name)
    if read is None:
        known = [known for known in dir(environment) if not known.startswith("_")]
        suggestion = nearest(name, known)
        shown = [str(Path(wanted.parent, suggestion))] if suggestion else []
        raise PathError(str(wanted), f"{environment.__name__} has no variable {name!r}", shown)
    return read


def _text_read(read: EnvironmentRead) -> Any:
    if read.is_open:
        return Required
    return HIDDEN if read.text is None else read.text


def _variable_words(read: EnvironmentRead) -> str:
    if read.is_open:
        return f"{read.variable} was not set"
    return f"{read.variable} {'was set' if read.is_set else 'was not set: its default'}"


def _reads(dependents: Dependents, owner: Any, path: Path, deep: bool) -> list[ReadEntry]:
    """Return what the property of the field at `path` read; what that read in turn if `deep`."""
    name = str(path.step)
    assert path.parent is not None
    entries: list[ReadEntry] = []
    for at in dependents.reads(owner, name).values.paths(path.parent):
        place = _Place(dependents.root, at)
        assert place.field is not None
        entry = ReadEntry(at, place.shown, origin_of(place.owner, place.field.name), None)
        if place.field.property is not None and isinstance(at.step, str):
            entry.place = place.handed[-1][1]
            entry.reads = _reads(dependents, place.owner, at, deep) if deep else []
        entries.append(entry)
    for read in reads_of(owner).get(name, ()):
        if isinstance(read, EnvironmentRead):
            variable = ReadEntry(
                parse_path(f"{path.parent}.{read}" if path.parent else read), None, None, None
            )
            variable.value, variable.environment = _text_read(read), read
            entries.append(variable)
    return entries


def _lines(found: Explanation) -> list[str]:
    rows: list[tuple[str, ...]] = []
    title = str(found.path) or type(found.value).__name__
    # The class of a config is shorter than its value.
    if is_config(found.value):
        headline = (
            type(found.value).__name__ if not found.path else f"{title} = {short(found.value)}"
        )
    else:
        headline = f"{title} = {short(found.value, 99 - len(title) - 3)}"
    if found.property_path is not None:
        rows.append(("computed", f"{place_words(found.property_place)}  {found.property_name}"))
        rows.extend(_read_rows(found.reads))
        if found.failure is not None:
            rows.append(("not exact", str(found.failure)))
    if found.environment is None:
        rows.extend(_origin_rows(found))
    else:
        rows.append(("variable", _variable_words(found.environment)))
    for path, place in found.handed:
        rows.append(("through", f"{place_words(place)}  the property {path}"))
    if found.built is not None and (found.property_path or not found.path):
        rows.append(("built", f"{place_words(found.built)}"))
    rows.extend(_feed_rows(found.feeds))
    return [headline, *columns(rows, indent="  ")]


def place_words(place: Location | None) -> str:
    """Return a place with its column, as messages show it."""
    return "place not known" if place is None else place.exact


def _origin_rows(found: Explanation) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    winner: Any = found.origins[0].given if found.origins else None
    for index, origin in enumerate(found.origins):
        again = index and same_value(origin.given, found.origins[index - 1].given)
        same = " (the same)" if again else ""
        where = place_words(origin.place) + ("" if origin.exact else "  (not by keyword)")
        computed = found.property_path is not None
        if origin.is_default:
            label = "default"
        elif index == 0:
            label = "given" if computed else "set in"
        else:
            label = "was"
        if index == 0 and not computed and not origin.is_default:
            text = " ".join((origin.text or "").split())
            rows.append((label, where, cut(text, VALUE_WIDTH)))
        else:
            shown = short(origin.value, VALUE_WIDTH)
            rows.append((label, f"{shown}  {where}{same}"))
    if found.property_path is not None and winner is not None and winner is not Pinned and rows:
        rows[0] = (*rows[0][:-1], f"{rows[0][-1]}  (replaced by its property)")
    if not found.origins and found.property_path is None and found.path:
        rows.append(("set in", "place not known"))
    return rows


def _read_rows(reads: list[ReadEntry], depth: int = 0) -> list[tuple[str, ...]]:
    """Return a row for each value that a property read; items of lists share one."""
    groups: dict[str, list[ReadEntry]] = {}
    for read in reads:
        groups.setdefault(pattern_of(read.path), []).append(read)
    rows: list[tuple[str, ...]] = []
    for pattern, group in groups.items():
        if len(group) > FOLDED:
            values = ", ".join(short(read.value, VALUE_WIDTH) for read in group[:FOLDED])
            shown = cut(f"{pattern} = {values}, ...", 2 * VALUE_WIDTH)
            rows.append(("", f"{'  ' * depth}{shown}", f"({len(group)} values)"))
            continue
        for read in group:
            shown = f"{'  ' * depth}{read.path} = {short(read.value, VALUE_WIDTH)}"
            where = place_words(read.where) if read.where is not None else ""
            if read.environment is not None:
                where = _variable_words(read.environment)
            rows.append(("", shown, where))
            rows += _read_rows(read.reads, depth + 1)
    if rows and not depth:
        rows[0] = ("reads", *rows[0][1:])
    return rows


def _feed_rows(feeds: list[Dependent]) -> list[tuple[str, ...]]:
    """Return a row for each property that the value reaches; equal items of lists share one."""
    groups: dict[str, list[Dependent]] = {}
    for feed in feeds:
        groups.setdefault(f"{pattern_of(feed.path)} {feed.place}", []).append(feed)
    words: list[str] = []
    for group in groups.values():
        if len(group) > FOLDED:
            first = group[0]
            by = _feed_words(first)
            words.append(f"{pattern_of(first.path)}  ({by}, {len(group)} of them)")
            continue
        for feed in group:
            through = f", through {feed.through}" if feed.through is not None else ""
            words.append(f"{feed.path}  ({_feed_words(feed)}{through})")
    if len(words) > MOST_FEEDS:
        words[MOST_FEEDS - 1 :] = [f"and {len(words) - MOST_FEEDS + 1} more"]
    return [("" if index else "feeds", text) for index, text in enumerate(words)]


def _feed_words(feed: Dependent) -> str:
    perhaps = "" if feed.exact else "perhaps, "
    return f"{perhaps}{'' if feed.is_property else 'set by '}{place_words(feed.place)}"


def origin_data(origin: Origin | None) -> dict[str, Any] | None:
    """Return the place of an origin as plain data."""
    return None if origin is None else place_data(origin.place)


def place_data(place: Location | None) -> dict[str, Any] | None:
    """Return a place as plain data: line and column count from 1."""
    if place is None:
        return None
    column = place.column
    return {
        "file": place.shown_file,
        "line": place.line or None,
        "column": None if column is None else column + 1,
        "function": place.function,
    }


def _read_data(read: ReadEntry) -> dict[str, Any]:
    return {
        "path": str(read.path),
        "value": words(read.value),
        "place": place_data(read.where),
        "environment": _environment_data(read.environment),
        "reads": [_read_data(inner) for inner in read.reads],
    }


def _environment_data(read: EnvironmentRead | None) -> dict[str, Any] | None:
    return None if read is None else {"variable": read.variable, "set": read.is_set}
