"""Smoke values: what makes the configs of a class small, for runs that only show that all fits.

`psmoke(TrainerConfig, steps=2)` names the fields that are small in a smoke run, and their values.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import blank
from pconfigs.markers import Pin, is_deferred
from pconfigs.schema.build_record import CODE, INHERITED, LASTI, bases_of, getframe, record_of
from pconfigs.schema.class_schema import SCHEMA, is_config, is_config_class, schema_of
from pconfigs.schema.inheritance import input_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any


class SmokeValues:
    """The register of smoke values; the one object of this class is `psmoke`.

    `psmoke(TrainerConfig, steps=2)` registers them, at module level, below the class: the fields
    that are named, and no others; they hold for derived classes, too. `psmoke(config)` returns a
    config with all configs in it made small. `psmoke += TrainerConfig(steps=2)` registers the
    fields that the call names, where the rest of the config has defaults.
    """

    def __iadd__(self, config: Any) -> SmokeValues:  # noqa: PYI034
        _register(config)
        return self

    def __call__(self, config_or_class: Any, /, **values: Any) -> Any:
        """Register smoke values of a class; or return the small variant of a config.

        Raises:
            NotASmokeError: It is neither, or no values are given.
            SmokeError: The class has smoke values already.
            BuildError: A value does not fit its field.
        """
        if is_config_class(config_or_class):
            frame = getframe(1)
            _register(_partial_config(config_or_class, values, frame.f_code, frame.f_lasti))
            return None
        if not is_config(config_or_class) or values:
            from pconfigs.errors.testing import NotASmokeError

            raise NotASmokeError(config_or_class)
        return smoke_variant(config_or_class)

    def __repr__(self) -> str:
        return "psmoke"

    def __reduce__(self) -> str:
        return "psmoke"


psmoke = SmokeValues()


def _partial_config(cls: type, values: dict[str, Any], code: CodeType, lasti: int) -> Any:
    """Return a config of a class with these inputs, open where nothing is known."""
    from pconfigs.build.construction import build_call
    from pconfigs.build.construction_state import Construction

    config = blank(cls)
    call = Construction(schema_of(cls), code, lasti, values, (), ())
    build_call(call, config, defers=True)
    return config


def _register(config: Any) -> None:
    """Make `config` the one whose named inputs are the smoke values of its class.

    Raises:
        NotASmokeError: It is not a config, has a base, or names no values.
        SmokeError: The class has smoke values already.
    """
    if not is_config(config):
        from pconfigs.errors.testing import NotASmokeError

        raise NotASmokeError(config)
    schema = schema_of(config)
    name = schema.cls.__qualname__
    wrong = None
    if bases_of(config):
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
    schema.smoke = config


def named_inputs(config: Any) -> dict[str, Any]:
    """Return the fields that the call which made a config named, with their inputs."""
    inherited = record_of(config)[INHERITED]
    found: dict[str, Any] = {}
    for name, field in schema_of(config).fields.items():
        if not inherited >> field.index & 1:
            value = input_of(config, field)
            if not is_deferred(value):
                found[name] = Pin(value) if field.pinned else value
    return found


def smoke_variant(config: Any) -> Any:
    """Return a config in which every config that was given has the smoke values of its class.

    What properties make follows. The config itself where nothing in it is to be made small.

    Raises:
        BuildError: A smoke value does not fit in its place.
    """
    # Loaded where a config is made small, not where the values are registered.
    from pconfigs.provenance.origins import user_call_site
    from pconfigs.schema.equality import same_value
    from pconfigs.tree.broadcast import rebuild_parts

    call = user_call_site()

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


def has_smoke_values(config: Any) -> bool:
    """Return whether the class of any config in this one has smoke values."""
    from pconfigs.tree.walk import pwalk

    return any(is_config(value) and _small_values(value)[0] for _, _, value in pwalk(config))


def _small_values(config: Any) -> tuple[dict[str, Any], Any]:
    """Return the smoke values of the class of a config, and the nearest config that has them."""
    fields = schema_of(config).fields
    values: dict[str, Any] = {}
    source = None
    for cls in reversed(type(config).__mro__):
        found = cls.__dict__[SCHEMA].smoke if SCHEMA in cls.__dict__ else None
        if found is not None:
            source = found
            values.update(named_inputs(found))
    # A derived class may pin what its ancestor leaves open.
    kept = {
        name: value
        for name, value in values.items()
        if name in fields and (not fields[name].pinned or isinstance(value, Pin))
    }
    return kept, source


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Pin) else value
