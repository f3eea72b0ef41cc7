"""Smoke: how the configs of a class are made small, for runs that only show that all fits together.

`psmoke += TrainerConfig(steps=2)` names the fields that are small in a smoke run, and their values.
"""

from __future__ import annotations

from pconfigs.errors.testing import NotASmokeError, SmokeError
from pconfigs.markers import Pin, is_deferred
from pconfigs.schema.equality import same_value
from pconfigs.schema.record import BASES, CODE, INHERITED, LASTI, record_of
from pconfigs.schema.table import SCHEMA, is_config, schema_of
from pconfigs.tree.broadcast import rebuild_parts
from pconfigs.tree.origins import built_at, call_outside, input_of
from pconfigs.tree.walk import pwalk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any


class SmokeValues:
    """The register of small values; the one object of this class is `psmoke`.

    `psmoke += TrainerConfig(steps=2)` registers them, at module level, beside the class: the fields
    that are named, and no others; they hold for derived classes, too. `psmoke(config)` gives a
    config with all configs in it made small.
    """

    def __iadd__(self, config: Any) -> SmokeValues:  # noqa: PYI034
        if not is_config(config):
            raise NotASmokeError(config)
        schema = schema_of(config)
        name = schema.cls.__qualname__
        if record_of(config)[BASES]:
            raise NotASmokeError(config, f"psmoke takes {name} with small values, but no base")
        if not _named(config):
            raise NotASmokeError(config, f"psmoke takes {name} with small values, but got none")
        if schema.smoke is not None:
            raise SmokeError(schema.cls, built_at(schema.smoke), built_at(config))
        schema.smoke = config
        return self

    def __call__(self, config: Any, /) -> Any:
        if not is_config(config):
            raise NotASmokeError(config)
        return small(config)

    def __repr__(self) -> str:
        return "psmoke"

    def __reduce__(self) -> str:
        return "psmoke"


psmoke = SmokeValues()


def small(config: Any) -> Any:
    """A config in which every config that was given has the small values of its class.

    What properties make follows. The config itself where nothing in it is to be made small.

    Raises:
        BuildError: A small value does not fit where it comes to stand.
    """
    call = call_outside()

    def changes_of(part: Any) -> tuple[dict[str, Any], tuple[CodeType, int]]:
        values, source = _small_values(part)
        fields = schema_of(part).fields
        changes = {
            name: value
            for name, value in values.items()
            if not same_value(_plain(value), input_of(part, fields[name]))
        }
        if source is None:
            return {}, call
        record = record_of(source)
        return changes, (record[CODE], record[LASTI])

    return rebuild_parts(config, changes_of)


def says_how_to_be_small(config: Any) -> bool:
    """Whether the class of any config in this one has small values."""
    return any(is_config(value) and _small_values(value)[0] for _, _, value in pwalk(config))


def _small_values(config: Any) -> tuple[dict[str, Any], Any]:
    """What is small in configs of this class, and the nearest config that says so."""
    fields = schema_of(config).fields
    values: dict[str, Any] = {}
    source = None
    for cls in reversed(type(config).__mro__):
        found = cls.__dict__[SCHEMA].smoke if SCHEMA in cls.__dict__ else None
        if found is not None:
            source = found
            values.update(_named(found))
    # A derived class may pin what its ancestor leaves open.
    kept = {
        name: value
        for name, value in values.items()
        if name in fields and (not fields[name].pinned or isinstance(value, Pin))
    }
    return kept, source


def _named(config: Any) -> dict[str, Any]:
    """The fields that the call which made a config named, with what they were given."""
    inherited = record_of(config)[INHERITED]
    found: dict[str, Any] = {}
    for name, field in schema_of(config).fields.items():
        if not inherited >> field.index & 1:
            value = input_of(config, field)
            if not is_deferred(value):
                found[name] = Pin(value) if field.pinned else value
    return found


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Pin) else value
