"""Parsing of overrides: what words may name in addition to values of simple types.

A config is given by the dotted path of an experiment or of its class, or by a short name, where
the class of the field has one.
"""

from __future__ import annotations

from pconfigs.errors.formatting import listed
from pconfigs.imports.own_packages import BUILTIN_TYPES
from pconfigs.overrides.switching import named_part, names_of_parts
from pconfigs.schema.class_schema import is_config_class
from pconfigs.serialization.texts.base import TextSource, is_dotted, read_literal
from pconfigs.serialization.texts.parsers import refuse_ambiguous
from pconfigs.validation.base import InvalidValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pconfigs.serialization.texts.base import TextParser
    from pconfigs.validation.base import ClassValidator, Validator


class CommandLineTexts(TextSource):
    """Texts of a command line.

    Args:
        find: Gives the object at a dotted path. Raises InvalidValue if there is none that may be
            used.
        make: Gives the default config of a class.
    """

    builtin_types = BUILTIN_TYPES

    def __init__(self, find: Callable[[str], Any], make: Callable[[type], Any]) -> None:
        self._find, self._make = find, make

    def named(self, text: str, validator: Validator) -> Any:
        return self._find(text)

    def instance(self, text: str, validator: ClassValidator) -> Any:
        cls = validator.cls
        if is_dotted(text):
            found = self._find(text)
            # A class means its default: the config that it builds without arguments.
            if is_config_class(found) and not isinstance(found, cls):
                return self._make(found)
            return found
        if is_config_class(cls):
            part = named_part(text.strip(), cls)
            if part is not None:
                return self._make(part) if isinstance(part, type) else part
            self.refuse_part(text, validator)
        return read_literal(text, validator)

    def refuse_part(self, text: str, validator: Validator) -> None:
        members: tuple[Validator, ...] = getattr(validator, "members", (validator,))
        classes = [getattr(member, "cls", object) for member in members]
        if not all(map(is_config_class, classes)):
            return
        advice = "the dotted path of a config class or an experiment"
        known = list(dict.fromkeys(name for cls in classes for name in names_of_parts(cls)))
        if text.strip().isidentifier() and known:
            advice = f"{listed(known[:8], 'or')}, or {advice}"
        advice = f"give {advice}"
        raise InvalidValue("", text, validator.description, advice)

    def one_of(self, text: str, found: list[tuple[Any, TextParser]]) -> Any:
        return refuse_ambiguous(text, found)
