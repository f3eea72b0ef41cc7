"""Unused: inputs that an experiment sets without any effect."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from pconfigs.markers import Pinned
from pconfigs.provenance.locations import Location
from pconfigs.provenance.origins import (
    HIDDEN,
    Origin,
    base_place,
    built_at,
    chain,
    function_place,
    input_of,
    is_secret,
    origin_of,
)
from pconfigs.schema.build_record import bases_of
from pconfigs.schema.children import holds_configs
from pconfigs.schema.class_schema import held_value, is_config, schema_of
from pconfigs.schema.equality import same_value
from pconfigs.schema.fields import Field
from pconfigs.schema.ignored_inputs import set_here, silent_bases
from pconfigs.tree.dependents import Dependents
from pconfigs.tree.paths import ROOT, Path
from pconfigs.tree.property_reads import PropertyReads, Reads, evaluated_reads
from pconfigs.tree.walk import inside, pwalk

# By field of a part: the reason, path and place of the property that replaces what is given for it.
Overwritten: TypeAlias = dict[str, tuple[str, str, Location | None]]


@dataclass(slots=True, repr=False)
class Unused:
    """An input that has no effect.

    Attributes:
        path, value: The input.
        origin: Where it was set; None where that is not known.
        reason: `overwritten` by a property, `redundant`, or `unread` by a run; `unknown` where a
            property may overwrite it, which raises when it is evaluated again; `base` for a base of
            the config at `path`, of which all values were replaced.
        cause: For `redundant`, `default` or `base`; for `base`, its number, from 1; else the
            property's path.
        place: Of that property, of the earlier setting, or of the base.
    """

    path: Path
    value: Any
    origin: Origin | None
    reason: str
    cause: str
    place: Location | None

    def __repr__(self) -> str:
        return f"<{self.reason} {self.path}>"


def unused(config: Any, read: Collection[str] | None = None) -> list[Unused]:
    """Return the inputs of a config that were set without effect, in the order of the fields.

    Defaults are not looked at: only what the experiment itself sets, and the parts that it sets.

    Args:
        config: The config.
        read: Paths of the fields that a run read, where that was recorded. Settings then count as
            unused, too, if the run read neither them nor anything that follows from them.
    """
    search = _Search(Dependents(config), read)
    search.look_into(config, ROOT, {}, secret=False)
    return search.found


class _Search:
    """One search for unused inputs."""

    def __init__(self, dependents: Dependents, read: Collection[str] | None) -> None:
        self.found: list[Unused] = []
        self._dependents = dependents
        self._read = read
        self._seen: set[int] = set()

    def look_into(self, part: Any, path: Path, overwritten: Overwritten, secret: bool) -> None:
        """Add the unused inputs of a config and of the parts that were set in it."""
        if id(part) in self._seen:
            return
        self._seen.add(id(part))
        self.found += _unused_bases(part, path, secret)
        for field in set_here(part):
            at = Path(path, field.name)
            hidden = secret or is_secret(part, field.name)
            fault = self._fault(part, field, at, overwritten)
            if fault is not None:
                fault.value = HIDDEN if hidden else fault.value
                self.found.append(fault)
            for inner_path, inner, replaced in self._parts_below(part, field, at):
                self.look_into(inner, inner_path, replaced, hidden)

    def _fault(
        self, part: Any, field: Field, path: Path, overwritten: Overwritten
    ) -> Unused | None:
        value, origin = input_of(part, field), origin_of(part, field.name)
        if value is Pinned:
            return None  # it asks for what a property computes
        if field.name in overwritten:
            return Unused(path, value, origin, *overwritten[field.name])
        if field.property is not None:
            reason = self._why_ignored(part, field)
            if reason:
                place = function_place(field.property.function)
                return Unused(path, value, origin, reason, str(path), place)
        origins = chain(part, field.name)
        next(origins, None)
        earlier = next(origins, None)
        if earlier is not None and same_value(value, earlier.given):
            cause = "default" if earlier.is_default else "base"
            return Unused(path, value, origin, "redundant", cause, earlier.place)
        if self._read is not None and not self._reaches_what_was_read(path):
            return Unused(path, value, origin, "unread", "", None)
        return None

    def _reaches_what_was_read(self, path: Path) -> bool:
        assert self._read is not None
        if path in self._read:
            return True
        return any(feed.path in self._read for feed in self._dependents.of(path))

    def _why_ignored(self, part: Any, field: Field) -> str:
        """Return why what was given for a computed field may have no effect; "" if it is read."""
        reason = "overwritten"
        for reads in self._reads_of_class(part, field):
            if field.name in reads.given.steps:
                if reads.given_failure is None:
                    return ""
                reason = "unknown"
        if reason == "unknown" and self._made_from(part, field, input_of(part, field)):
            return ""  # the value was made from it
        return reason

    def _reads_of_class(self, part: Any, field: Field) -> Iterator[PropertyReads]:
        """Yield what the properties and checks of a class read, that of the field first."""
        schema = schema_of(part)
        for name in [field.name, *(name for name in schema.properties if name != field.name)]:
            yield self._dependents.reads(part, name)
        for check in schema.checks.values():
            yield evaluated_reads(part, check)

    def _parts_below(
        self, part: Any, field: Field, path: Path
    ) -> Iterator[tuple[Path, Any, Overwritten]]:
        """Yield the configs set in a field, with those of their fields that are overwritten."""
        value = input_of(part, field)
        if not holds_configs(value):
            return
        made = self._made_from(part, field, value)
        given, reason = None, "overwritten"
        if made and field.property is not None:
            reads = self._dependents.reads(part, field.name)
            given = reads.given.steps.get(field.name)
            reason = reason if reads.given_failure is None else "unknown"
        cause = (reason, str(path), _property_place(field))
        yield from _parts_in(value, path, given, made, cause)

    def _made_from(self, part: Any, field: Field, given: Any) -> dict[int, Any]:
        """Return the configs that a property made, by the id of the given one that each is of."""
        value = held_value(part, field.name)
        if field.property is None or value is given:
            return {}
        made: dict[int, Any] = {}
        for _, _, inner in pwalk(value):
            if is_config(inner):
                made.update((id(base), inner) for base in bases_of(inner))
        return made


def _unused_bases(config: Any, path: Path, secret: bool) -> Iterator[Unused]:
    """Yield the bases of a config of which nothing is left.

    Those of calls that do not name the class are left out: an edit has the old part as its base.
    """
    bases = bases_of(config)
    for index in silent_bases(config, not path):
        place = base_place(config, index)
        if place is not None or len(bases) > 1:
            value = HIDDEN if secret else bases[index]
            yield Unused(path, value, None, "base", str(index + 1), place or built_at(config))


def _property_place(field: Field) -> Location | None:
    return None if field.property is None else function_place(field.property.function)


def _parts_in(
    value: Any,
    path: Path,
    given: Reads | None,
    made: dict[int, Any],
    cause: tuple[str, str, Location | None],
) -> Iterator[tuple[Path, Any, Overwritten]]:
    """Yield a config, or those in a container, each with what is overwritten in it.

    A field is overwritten where the property set it in what it made of the part, and did not read
    what was given for it.
    """
    if is_config(value):
        result = made.get(id(value))
        names = [] if result is None else [field.name for field in set_here(result)]
        read = {} if given is None else given.steps
        yield path, value, {name: cause for name in names if name not in read}
    elif holds_configs(value):
        for inner, _, item in inside(value, path, None):
            assert inner.step is not None
            below = None if given is None else given.steps.get(inner.step)
            yield from _parts_in(item, inner, below, made, cause)
