"""Defaults: the config registered for a class, which fills in what is not given."""

from __future__ import annotations

from pconfigs import build as deferred
from pconfigs.errors.declare import NotADefaultError
from pconfigs.schema.class_schema import (
    SCHEMA,
    derived_classes,
    is_config,
    is_config_class,
    schema_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Defaults:
    """The register of defaults; the one object of this class is `pdefaults`.

    `pdefaults += TrainerConfig(steps=3, …)` registers a default, at module level, below the class.
    `pdefaults(TrainerConfig)` gives the default of a class or None; so does `pdefaults(config)`
    for its class.
    """

    def __iadd__(self, config: Any) -> Defaults:  # noqa: PYI034
        if not is_config(config):
            raise NotADefaultError(config)
        register(config)
        return self

    def __call__(self, config_or_class: Any) -> Any:
        if not is_config(config_or_class) and not is_config_class(config_or_class):
            raise NotADefaultError(config_or_class)
        return schema_of(config_or_class).default

    def __repr__(self) -> str:
        return "pdefaults"

    def __reduce__(self) -> str:
        return "pdefaults"


pdefaults = Defaults()


def register(config: Any, replaceable: bool = False) -> None:
    """Make `config` the default of its class.

    Args:
        config: The default.
        replaceable: It was made from a signature, and any other default may take its place once.

    Raises:
        DefaultError: The class has a default already, and this one does more than complete it.
    """
    schema = schema_of(config)
    first = schema.default
    if first is not None and not schema.default_is_replaceable:
        if deferred.second_default.is_same_cell(first, config):
            return
        deferred.second_default.refuse_second(first, config)
    schema.default = config
    schema.default_is_replaceable = replaceable
    _forget_fallbacks(schema.cls)


def _forget_fallbacks(cls: type) -> None:
    for current in (cls, *derived_classes(cls)):
        if SCHEMA in current.__dict__:
            schema = current.__dict__[SCHEMA]
            schema.fallback = schema.below = schema.fallback_pins = None
