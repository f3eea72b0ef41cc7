"""Feeds: which properties a value reaches, anywhere in a tree, directly and through others.

Within one config this is what was recorded when it was built. Across configs, a property that read
a part counts where its code mentions the field in question; and a part that a property made counts
as fed where the property gave it a keyword.
"""

from __future__ import annotations

from pconfigs.provenance.origins import function_place
from pconfigs.schema.attribute_reads import codes_of
from pconfigs.schema.build_record import CODE, INHERITED, reads_of, record_of
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.tree.paths import ROOT, Path, parse_path
from pconfigs.tree.static_reads import mentions
from pconfigs.tree.walk import has_inside, inside, step_into

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeAlias

    from pconfigs.provenance.locations import Location
    from pconfigs.schema.properties import pproperty

    # The path of a config, its properties that read into the part, and what is around it.
    _Around: TypeAlias = tuple[Path, list[pproperty], "_Around | None"]


class Dependent:
    """A property that a value reaches.

    Attributes:
        path: Of the field that the property computes, or of a field of a part that it made.
        place: Of the property.
        through: The path it was reached through; None where it reads the value itself.
        is_property: False where the field is of a part that a property made.
    """

    __slots__ = ("is_property", "path", "place", "through")

    def __init__(
        self, path: Path, place: Location | None, through: Path | None, is_property: bool
    ) -> None:
        self.path, self.place, self.through, self.is_property = path, place, through, is_property

    def __repr__(self) -> str:
        return f"<feed {self.path}>"


def feeds(root: Any, path: str | Path) -> list[Dependent]:
    """What the value at a path reaches, nearest first; empty for items and for the root itself.

    Raises:
        PathError: There is nothing at the path.
    """
    start = parse_path(path)
    if not isinstance(start.step, str) or start.parent is None:
        return []
    step_into(config_at(root, start.parent), start.step, start.parent, root, start)
    reached: dict[Path, Dependent] = {}
    pending = [start]
    for current in pending:
        for found, at, is_property in direct_feeds(root, current):
            if found != start and found not in reached:
                through = current if current != start else None
                reached[found] = Dependent(found, at, through, is_property)
                pending.append(found)
    return list(reached.values())


def config_at(root: Any, path: Path) -> Any:
    """The value at a path that is known to be good."""
    value, at = root, ROOT
    for step in path.steps:
        value = step_into(value, step, at, root, path)
        at = Path(at, step)
    return value


def direct_feeds(root: Any, path: Path) -> Iterator[tuple[Path, Location | None, bool]]:
    """The fields that read the field at `path`, or that its property gave to a part."""
    assert path.parent is not None
    name = str(path.step)
    for at, holder, step in _holders(root, path):
        for found in _readers(holder, step):
            if at == path.parent or mentions(found.function, name):
                yield Path(at, found.name), function_place(found.function), True
    owner = config_at(root, path.parent)
    made_by = schema_of(owner).properties.get(name) if is_config(owner) else None
    if made_by is not None:
        place = function_place(made_by.function)
        for given in _given_by(made_by, getattr(owner, name), path):
            yield given, place, False


def all_feeds(root: Any) -> Iterator[tuple[Path, Path]]:
    """Every field of a tree with each field that it feeds directly; shared parts come once.

    The properties around a part that may read into it are handed down to it: what a deep tree costs
    is not its depth for each field.
    """
    pending: list[tuple[Any, Path, _Around | None]] = [(root, ROOT, None)]
    seen: set[int] = set()
    while pending:
        value, path, around = pending.pop()
        if not is_config(value):
            items = [(v, p, around) for p, _, v in inside(value, path, None) if has_inside(v)]
            pending.extend(reversed(items))
            continue
        if id(value) in seen:
            continue
        seen.add(id(value))
        inner: list[tuple[Any, Path, _Around | None]] = []
        for name in schema_of(value).fields:
            at = Path(path, name)
            readers = _readers(value, name)
            yield from ((at, Path(path, found.name)) for found in readers)
            outer = around
            while outer is not None:
                holder, functions, outer = outer
                yield from (
                    (at, Path(holder, f.name)) for f in functions if mentions(f.function, name)
                )
            item = getattr(value, name)
            if has_inside(item):
                inner.append((item, at, (path, readers, around) if readers else around))
                made_by = schema_of(value).properties.get(name)
                if made_by is not None:
                    yield from ((at, given) for given in _given_by(made_by, item, at))
        pending.extend(reversed(inner))


def _readers(config: Any, name: str) -> list[pproperty]:
    """The properties of a config that read its field `name`."""
    properties = schema_of(config).properties
    return [
        properties[reader]
        for reader, read in reads_of(config).items()
        if name in read and reader != name and reader in properties
    ]


def _given_by(made_by: pproperty, value: Any, path: Path) -> Iterator[Path]:
    """The fields that a property gave to the parts that it made."""
    for part_path, part in _parts_made_by(made_by, value, path):
        record: Any = record_of(part)
        for field in schema_of(part).fields.values():
            if not record[INHERITED] >> field.index & 1:
                yield Path(part_path, field.name)


def _holders(root: Any, path: Path) -> list[tuple[Path, Any, str]]:
    """Configs around a path, innermost first, with the field that leads on to it."""
    found: list[tuple[Path, Any, str]] = []
    value, at = root, ROOT
    for step in path.steps:
        if isinstance(step, str):
            found.append((at, value, step))
        value = step_into(value, step, at, root, path)
        at = Path(at, step)
    return found[::-1]


def _parts_made_by(found: pproperty, value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Configs in what a property returned that were built in its own code."""
    codes = codes_of(found.function.__code__)
    pending = [(path, value)]
    while pending:
        at, current = pending.pop()
        if is_config(current):
            if record_of(current)[CODE] not in codes:
                continue
            yield at, current
        if has_inside(current):
            within = [(p, v) for p, _, v in inside(current, at, None) if has_inside(v)]
            pending.extend(reversed(within))
