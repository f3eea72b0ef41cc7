"""Raw inputs: what was given for a field, whatever its property made of it."""

from __future__ import annotations

from pconfigs.build.evaluation import evaluation_of
from pconfigs.errors.formatting import clauses, did_you_mean
from pconfigs.markers import Omitted, Pin, Pinned
from pconfigs.schema.build_record import raw_inputs
from pconfigs.schema.class_schema import is_config, schema_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, NoReturn


class Inputs:
    """`pinputs(config)`: a view whose attributes are the inputs of a config.

    For a field without a property the input is its value. `names`, `in` and `len` are about
    the fields that have one.
    """

    __slots__ = ("_config",)

    def __init__(self, config: Any) -> None:
        object.__setattr__(self, "_config", config)

    def __getattr__(self, name: str) -> Any:
        config = self._config
        schema = schema_of(config)
        field = schema.fields.get(name)
        if field is None:
            words = f"{schema.cls.__name__} has no field {name!r}"
            raise AttributeError(clauses(words, did_you_mean(name, schema.fields)))
        evaluation = evaluation_of(config)
        raw = raw_inputs(config) if evaluation is None else evaluation.raw
        if field.property is None:
            return Omitted if type(raw.get(name)) is Pin else getattr(config, name)
        return raw.get(name, Pinned)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(
            "inputs are only read here; give them as keywords when the config is made"
        )

    @property
    def names(self) -> Any:
        """Names of the fields that have a property; the input, where a field is called `names`."""
        schema = schema_of(self._config)
        return self.__getattr__("names") if "names" in schema.fields else tuple(schema.properties)

    def __contains__(self, name: object) -> bool:
        return name in schema_of(self._config).properties

    def __len__(self) -> int:
        return len(schema_of(self._config).properties)

    def __iter__(self) -> Iterator[str]:
        return iter(schema_of(self._config).properties)

    def __repr__(self) -> str:
        return f"pinputs({type(self._config).__name__})"


def pinputs(config: Any) -> Any:
    """Return the inputs of a config: `pinputs(config).x` is what was given for `x`.

    It may be asked inside a property and outside; reading one makes no dependency. Where nothing
    was given for a computed field, it is `Pinned`.

    Raises:
        TypeError: `config` is not a config.
    """
    if not is_config(config):
        raise TypeError(
            f"pinputs reads the inputs of a config, but got {type(config).__qualname__}"
        )
    return Inputs(config)


# Code that reads inputs through this function does not depend on them; see schema/bytecode.py.
pinputs.__pconfig_raw_reader__ = True  # type: ignore[attr-defined]
