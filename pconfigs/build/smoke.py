"""Smoke: how the configs of a class are made small, for runs that only show that all fits together.

`psmoke += TrainerConfig(steps=2)` names the fields that are small in a smoke run, and their values.
"""

from __future__ import annotations

from pconfigs.markers import Pin, is_deferred
from pconfigs.schema.build_record import BASES, INHERITED, record_of
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.schema.inheritance import input_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class SmokeValues:
    """The register of small values; the one object of this class is `psmoke`.

    `psmoke += TrainerConfig(steps=2)` registers them, at module level, beside the class: the fields
    that are named, and no others; they hold for derived classes, too. `psmoke(config)` gives a
    config with all configs in it made small.
    """

    def __iadd__(self, config: Any) -> SmokeValues:  # noqa: PYI034
        _refuse(config)
        schema_of(config).smoke = config
        return self

    def __call__(self, config: Any, /) -> Any:
        from pconfigs.build.small import smoke_variant

        if not is_config(config):
            _refuse(config)
        return smoke_variant(config)

    def __repr__(self) -> str:
        return "psmoke"

    def __reduce__(self) -> str:
        return "psmoke"


psmoke = SmokeValues()


def _refuse(config: Any) -> None:
    """Raise unless `config` says how to make configs of its class small, for the first time."""
    if not is_config(config):
        from pconfigs.errors.testing import NotASmokeError

        raise NotASmokeError(config)
    schema = schema_of(config)
    name = schema.cls.__qualname__
    wrong = None
    if record_of(config)[BASES]:
        wrong = f"psmoke takes {name} with small values, but no base"
    elif not named_inputs(config):
        wrong = f"psmoke takes {name} with small values, but got none"
    if wrong is not None:
        from pconfigs.errors.testing import NotASmokeError

        raise NotASmokeError(config, wrong)
    if schema.smoke is not None:
        from pconfigs.errors.testing import SmokeError
        from pconfigs.provenance.origins import built_at

        raise SmokeError(schema.cls, built_at(schema.smoke), built_at(config))


def named_inputs(config: Any) -> dict[str, Any]:
    """The fields that the call which made a config named, with what they were given."""
    inherited = record_of(config)[INHERITED]
    found: dict[str, Any] = {}
    for name, field in schema_of(config).fields.items():
        if not inherited >> field.index & 1:
            value = input_of(config, field)
            if not is_deferred(value):
                found[name] = Pin(value) if field.pinned else value
    return found
