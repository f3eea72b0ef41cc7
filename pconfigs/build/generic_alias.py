"""Generic config classes with their arguments: `Range[int](low=1)` checks what it holds."""

from __future__ import annotations

from types import GenericAlias
from typing import Any

from pconfigs.build.construction import build
from pconfigs.build.problems import wrong_type
from pconfigs.errors.build import build_error
from pconfigs.provenance.origins import keyword_place, place_of, user_call_site
from pconfigs.schema.class_schema import schema_of
from pconfigs.validation.base import InvalidValue
from pconfigs.validation.factory import validator_for
from pconfigs.validation.generic import GenericConfig


class ConfigAlias(GenericAlias):
    """A generic config class with its arguments."""

    def __call__(self, /, *bases: Any, **fields: Any) -> Any:
        """Return a config of the class.

        Raises:
            BuildError: A value does not fit the arguments, or the call is wrong.
        """
        cls: Any = self.__origin__
        code, lasti = user_call_site()
        config = cls.__new__(cls)
        # As the initializer does, with the place of this call.
        build(schema_of(cls), config, bases, fields, code, lasti)
        arguments = GenericConfig(cls, self.__args__, validator_for)
        problems: list[Any] = []
        for name, validator in arguments.validators_for(type(config)).items():
            try:
                arguments.validate_field(config, name, validator)
            except InvalidValue as mismatch:
                place = keyword_place(code, lasti, name)
                problems.append(wrong_type(schema_of(config).fields[name], place, mismatch))
        if problems:
            raise build_error(cls, place_of(code, lasti), problems)
        return config


def subscripted(cls: Any, arguments: Any) -> Any:
    """Return a generic config class with its arguments; `cls.__class_getitem__`.

    Raises:
        TypeError: The number of arguments is wrong.
    """
    given = arguments if isinstance(arguments, tuple) else (arguments,)
    if len(given) != len(cls.__parameters__):
        raise TypeError(
            f"{cls.__qualname__}[...] must have {len(cls.__parameters__)} arguments,"
            f" got {len(given)}"
        )
    return ConfigAlias(cls, given)
