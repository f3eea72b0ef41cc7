"""Unused: inputs that somebody set without any effect."""

from __future__ import annotations

from pconfigs.provenance.origins import (
    HIDDEN,
    chain,
    function_place,
    input_of,
    is_secret,
    origin_of,
)
from pconfigs.schema.build_record import BASES, INHERITED, record_of
from pconfigs.schema.children import parts_in
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.schema.equality import same_value
from pconfigs.tree.dependents import feeds
from pconfigs.tree.paths import ROOT, Path
from pconfigs.tree.static_reads import mentions, reads_elsewhere
from pconfigs.tree.walk import inside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from typing import Any

    from pconfigs.provenance.locations import Location
    from pconfigs.provenance.origins import Origin
    from pconfigs.schema.fields import Field


class Unused:
    """An input that has no effect.

    Attributes:
        path, value: The input.
        origin: Where it was set; None where that is not known.
        reason: `overwritten` by a property, `redundant`, or `unread` by a run.
        cause: For `overwritten`, the property's path; for `redundant`, `default` or `base`.
        place: Of that property, or of the earlier setting.
    """

    __slots__ = ("cause", "origin", "path", "place", "reason", "value")

    def __init__(
        self,
        path: Path,
        value: Any,
        origin: Origin | None,
        reason: str,
        cause: str,
        place: Location | None,
    ) -> None:
        self.path, self.value, self.origin = path, value, origin
        self.reason, self.cause, self.place = reason, cause, place

    def __repr__(self) -> str:
        return f"<{self.reason} {self.path}>"


def unused(config: Any, read: Collection[str] | None = None) -> list[Unused]:
    """Inputs of a config that were set without effect, in the order of the fields.

    Defaults are not looked at: only what the experiment itself sets, and the parts that it sets.

    Args:
        config: The config.
        read: Paths of the fields that a run read, where that was recorded; then settings are told
            too that it did not read, neither themselves nor anything that follows from them.
    """
    found: list[Unused] = []
    pending: list[tuple[Path, Any, dict[str, tuple[str, Location | None]]]] = [(ROOT, config, {})]
    seen: set[int] = set()
    while pending:
        path, part, overwritten = pending.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        inner: list[tuple[Path, Any, Any]] = []
        for field in _set_here(part):
            at = Path(path, field.name)
            found.extend(_faults(part, field, at, overwritten))
            if read is not None and (not found or found[-1].path is not at):
                found.extend(_unread(config, part, at, read))
            inner.extend(_parts_below(part, field, Path(path, field.name)))
        pending.extend(reversed(inner))
    return found


def _set_here(config: Any) -> list[Field]:
    """Fields given by keyword in the making of a config."""
    record: Any = record_of(config)
    return [f for f in schema_of(config).fields.values() if not record[INHERITED] >> f.index & 1]


def _faults(
    config: Any,
    field: Field,
    path: Path,
    overwritten: dict[str, tuple[str, Location | None]],
) -> Iterator[Unused]:
    value = input_of(config, field)
    shown = HIDDEN if is_secret(config, field.name) else value
    if field.name in overwritten:
        yield Unused(
            path, shown, origin_of(config, field.name), "overwritten", *overwritten[field.name]
        )
    elif field.property is not None and not _input_is_read(config, field):
        place = function_place(field.property.function)
        yield Unused(path, shown, origin_of(config, field.name), "overwritten", str(path), place)
    else:
        origins = chain(config, field.name)
        origin, earlier = next(origins, None), next(origins, None)
        if earlier is not None and same_value(value, earlier.given):
            cause = "default" if earlier.is_default else "base"
            yield Unused(path, shown, origin, "redundant", cause, earlier.place)


def _unread(root: Any, config: Any, path: Path, read: Collection[str]) -> Iterator[Unused]:
    """A setting that a run did not read, nor anything that follows from it."""
    name = str(path.step)
    if path in read or any(feed.path in read for feed in feeds(root, path)):
        return
    shown = HIDDEN if is_secret(config, name) else input_of(config, schema_of(config).fields[name])
    yield Unused(path, shown, origin_of(config, name), "unread", "", None)


def _input_is_read(config: Any, field: Field) -> bool:
    """Whether code of the class mentions the input of a field that a property computes."""
    schema = schema_of(config)
    functions: list[Any] = [found.function for found in schema.properties.values()]
    functions += [found.function for found in schema.checks.values()]
    return any(mentions(function, field.name) for function in functions)


def _parts_below(config: Any, field: Field, path: Path) -> Iterator[tuple[Path, Any, Any]]:
    """Configs set in a field, with those of their fields that the field's property overwrites."""
    value = input_of(config, field)
    if is_config(value):
        yield path, value, _overwritten_in(config, field, value, path)
    elif isinstance(value, (list, tuple, dict)) and any(parts_in(value)):
        waiting: list[tuple[Path, Any]] = [(path, value)]
        while waiting:
            at, current = waiting.pop()
            if is_config(current):
                yield at, current, {}
            elif isinstance(current, (list, tuple, dict)):
                waiting.extend(reversed([(p, v) for p, _, v in inside(current, at, None)]))


def _overwritten_in(
    config: Any, field: Field, given: Any, path: Path
) -> dict[str, tuple[str, Location | None]]:
    """Fields of a given part that the field's property has replaced in the part it made of it."""
    value = getattr(config, field.name)
    if field.property is None or value is given or not is_config(value):
        return {}
    if not any(base is given for base in record_of(value)[BASES]):
        return {}
    place = function_place(field.property.function)
    replaced: dict[str, tuple[str, Location | None]] = {}
    for inner in _set_here(value):
        # `given.width * 2` mentions what it replaces: such an input has its effect.
        if not reads_elsewhere(field.property.function, inner.name):
            replaced[inner.name] = (str(path), place)
    return replaced
