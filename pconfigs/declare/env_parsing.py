"""Texts of environment variables as values of simple types, by the parser of their validator."""

from __future__ import annotations

from pconfigs.errors.formatting import did_you_mean
from pconfigs.markers import Marked
from pconfigs.serialization.conversion.scalar_codecs import is_enum
from pconfigs.serialization.conversion.text_words import text_of
from pconfigs.serialization.texts.base import TextSource
from pconfigs.serialization.texts.parsers import text_parser_of
from pconfigs.validation.base import InvalidValue
from pconfigs.validation.factory import validator_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.serialization.texts.base import TextParser
    from pconfigs.validation.base import ClassValidator, Validator


class UnreadableHint(Exception):
    """No text can be read as a hint; the message has the reason."""


class EnvironmentTexts(TextSource):
    """Texts of environment variables: any other class is called with the text."""

    casts = True
    explicit = False

    def untyped(self, text: str, validator: Validator) -> Any:
        return text

    def instance(self, text: str, validator: ClassValidator) -> Any:
        try:
            return validator.cls(text)
        except Exception as error:
            # Whatever a class raises for a text, its answer is no.
            raise InvalidValue("", text, validator.description) from error

    def one_of(self, text: str, found: list[tuple[Any, TextParser]]) -> Any:
        return next((value for value, _ in found if type(value) is not str), text)


_TEXTS = EnvironmentTexts()


def parsed(parser: TextParser, text: str) -> Any:
    """Return the value of the text of a variable.

    Raises:
        InvalidValue: The text is invalid.
    """
    try:
        return parser.value(text, _TEXTS)
    except InvalidValue as mismatch:
        advice = did_you_mean(text, parser.options)
        if not advice and isinstance(mismatch.suggestion, str):
            advice = mismatch.suggestion
        raise InvalidValue("", text, parser.description, advice) from mismatch.__cause__


def parser_for(hint: Any) -> TextParser:
    """Return the parser of texts for a resolved hint.

    Raises:
        UnreadableHint: No text can be read as that.
    """
    while isinstance(hint, Marked):
        hint = hint.argument
    if isinstance(hint, str):
        raise UnreadableHint(f"{hint} cannot be imported here")
    validator = validator_for(hint)
    parser = text_parser_of(validator)
    if not parser.is_simple:
        raise UnreadableHint(f"a text cannot be read as {validator.description}")
    return parser


def value_for(hint: Any, default: Any) -> Any:
    """Return the value of a default for `hint`: itself if it fits, or its text parsed.

    Raises:
        InvalidValue: It is neither.
        UnreadableHint: No text can be read as that.
    """
    if default is None:
        return None
    parser = parser_for(hint)
    if hint is bool and type(default) in (int, float):
        return bool(default)
    if hint is not float:
        try:
            return validator_for(hint).validate(default)
        except InvalidValue:
            pass
    kind = type(default)
    if kind in (str, int, float, bool) or is_enum(kind) or hasattr(kind, "__fspath__"):
        return parsed(parser, text_of(default))
    raise InvalidValue("", default, parser.description)
