"""Smoke values: what makes the configs of a class small, for runs that only show that all fits.

`psmoke(TrainerConfig, steps=2)` names the fields that are small in a smoke run, and their values.
"""

from __future__ import annotations

from pconfigs import build as deferred, errors
from pconfigs.annotations.kinds import blank
from pconfigs.build.construction import build_call
from pconfigs.build.construction_state import Construction
from pconfigs.provenance.origins import built_at
from pconfigs.schema.build_record import bases_of, getframe
from pconfigs.schema.class_schema import is_config, is_config_class, schema_of
from pconfigs.schema.inheritance import named_inputs

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
            raise errors.NotASmokeError(config_or_class)
        return deferred.smoke_variants.smoke_variant(config_or_class)

    def __repr__(self) -> str:
        return "psmoke"

    def __reduce__(self) -> str:
        return "psmoke"


psmoke = SmokeValues()


def _partial_config(cls: type, values: dict[str, Any], code: CodeType, lasti: int) -> Any:
    """Return a config of a class with these inputs, open where nothing is known."""
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
        raise errors.NotASmokeError(config)
    schema = schema_of(config)
    name = schema.cls.__qualname__
    wrong = None
    if bases_of(config):
        wrong = f"psmoke takes {name} with small values, but no base"
    elif not named_inputs(config):
        wrong = f"psmoke takes {name} with small values, but got none"
    if wrong is not None:
        raise errors.NotASmokeError(config, wrong)
    if schema.smoke is not None:
        raise errors.SmokeError(schema.cls, built_at(schema.smoke), built_at(config))
    schema.smoke = config
