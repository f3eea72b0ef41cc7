"""Texts: values of simple types, read from a text and written as one.

For what is text outside of Python, such as environment variables: `reader_for(int).read("4")` is 4.
"""

from __future__ import annotations

import sys

from pconfigs.annotations.kinds import extends
from pconfigs.annotations.typing_forms import form_of
from pconfigs.errors.formatting import class_name, nearest
from pconfigs.markers import Marked, Marker
from pconfigs.serialization.conversion.scalar_codecs import scalar_codec_of
from pconfigs.validation.factory import InvalidValue, validator_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

GenericAlias = type(list[int])
TRUTHS = {
    **dict.fromkeys(("true", "1", "yes", "on"), True),
    **dict.fromkeys(("false", "0", "no", "off"), False),
}
NONE = "None"
# Types whose constructor accepts a str without parsing it.
_NOT_FROM_TEXT = (bytes, bytearray, list, tuple, dict, set, frozenset, type, range, memoryview)


class UnreadableHint(Exception):
    """No text can be read as a hint; the words say why."""


class Unfit(Exception):
    """A text that cannot be read as what it should be.

    Attributes:
        allowed: What can be, in words.
        suggestion: The allowed text that was probably meant, or None.
    """

    def __init__(self, allowed: str, suggestion: str | None = None) -> None:
        super().__init__(allowed)
        self.allowed, self.suggestion = allowed, suggestion


class EnvParser:
    """Reads texts as one type.

    Attributes:
        words: What is allowed.
        parse: The value of a text. Raises any exception for an invalid text.
        options: All texts that are allowed, where these are few.
    """

    __slots__ = ("options", "parse", "words")

    def __init__(
        self, words: str, parse: Callable[[str], Any], options: Iterable[str] = ()
    ) -> None:
        self.words, self.parse, self.options = words, parse, tuple(options)

    def read(self, text: str) -> Any:
        """Return the value of a text.

        Raises:
            Unfit: The text is invalid.
        """
        try:
            return self.parse(text)
        except Unfit:
            raise
        except Exception as error:
            # Whatever a class raises for a text, its answer is no.
            raise Unfit(self.words, nearest(text, self.options)) from error


def text_of(value: Any) -> str:
    """Return the text that parses to `value`: booleans as 0 and 1, enum members by value."""
    if value is True or value is False:
        return str(int(value))
    if _is_member(value):
        return text_of(value.value)
    return str(value)


def reader_for(hint: Any) -> EnvParser:
    """Return the parser of texts for a resolved hint.

    Raises:
        UnreadableHint: No text can be read as that.
    """
    if isinstance(hint, str):
        raise UnreadableHint(f"{hint} cannot be imported here")
    if isinstance(hint, Marked):
        return reader_for(hint.argument)
    form = form_of(hint)
    if form in _FORMS:
        return _FORMS[form](hint)
    if hint is None or hint is type(None):
        return EnvParser(NONE, _none, [NONE])
    if isinstance(hint, Marker) or hint is object:
        return EnvParser("text", str)
    if hint is bool:
        return EnvParser("true, 1, yes, on, false, 0, no or off", lambda text: TRUTHS[text.lower()])
    if not isinstance(hint, type) or type(hint) is GenericAlias:
        raise UnreadableHint(f"a text cannot be read as {hint!r}")
    if issubclass(hint, _enum()):
        return _enum_reader(hint)
    return _class_reader(hint)


def value_for(hint: Any, default: Any) -> Any:
    """Return the value of a default for `hint`: itself if it fits, or its text parsed.

    Raises:
        Unfit: It is neither.
        UnreadableHint: No text can be read as that.
    """
    if default is None:
        return None
    reader = reader_for(hint)
    if hint is bool and type(default) in (int, float):
        return bool(default)
    if hint is not float:
        try:
            return validator_for(hint).validate(default)
        except InvalidValue:
            pass
    if type(default) in (str, int, float, bool) or _is_member(default) or _is_path(default):
        return reader.read(text_of(default))
    raise Unfit(reader.words)


def _none(text: str) -> None:
    if text != NONE:
        raise ValueError(text)


def _class_reader(cls: type) -> EnvParser:
    words = validator_for(cls).description
    if extends(cls, _NOT_FROM_TEXT) or hasattr(cls, "__pconfig_schema__"):
        raise UnreadableHint(f"a text cannot be read as {words}")
    if cls.__module__ in ("typing", "collections.abc") or getattr(cls, "_is_protocol", False):
        raise UnreadableHint(f"a text cannot be read as {words}")
    return EnvParser(words, _file_reader(cls) or cls)


def _file_reader(cls: type) -> Callable[[str], Any] | None:
    """Return what reads the text of a date, duration or the like in files, too; else None."""
    if cls.__module__ in ("builtins", "pathlib", "pathlib._local", "__main__"):
        return None
    codec = scalar_codec_of(cls)
    return None if codec is None else codec.read


def _enum_reader(cls: Any) -> EnvParser:
    members = {text_of(member): member for member in reversed(cls.__members__.values())}
    options = [text_of(member) for member in cls]

    def parse(text: str) -> Any:
        # Asked last, for classes that know more spellings.
        return members[text] if text in members else cls(text)

    name = class_name(cls)
    return EnvParser(f"{' or '.join(map(repr, options))} ({name})", parse, options)


def _literal_reader(hint: Any) -> EnvParser:
    values: list[Any] = []
    for value in hint.__args__:
        values.extend(value.__args__ if form_of(value) == "Literal" else (value,))

    def parse(text: str) -> Any:
        for value in values:
            if text_of(value) == text:
                return value
        for value in values:
            if isinstance(value, bool) and TRUTHS.get(text.lower()) is value:
                return value
        raise ValueError(text)

    options = [text_of(value) for value in values]
    return EnvParser(" or ".join(map(repr, options)), parse, options)


def _union_reader(hint: Any) -> EnvParser:
    """None first, where it is allowed, and text last: anything can be read as that."""
    members = sorted(
        hint.__args__, key=lambda member: (member is not type(None), member is str)
    )  # fmt: skip
    readers = [reader_for(member) for member in members]

    def parse(text: str) -> Any:
        for reader in readers:
            try:
                return reader.read(text)
            except Unfit:
                continue
        raise ValueError(text)

    shown = [*readers[1:], readers[0]] if members[0] is type(None) else readers
    options = [option for reader in readers for option in reader.options]
    return EnvParser(" or ".join(reader.words for reader in shown), parse, options)


def _annotated_reader(hint: Any) -> EnvParser:
    inner, validator = reader_for(hint.__origin__), validator_for(hint)

    def parse(text: str) -> Any:
        value = inner.read(text)
        try:
            return validator.validate(value)
        except InvalidValue as mismatch:
            raise Unfit(mismatch.expected) from None

    return EnvParser(validator.description, parse, inner.options)


_FORMS: dict[str, Callable[[Any], EnvParser]] = {
    "Annotated": _annotated_reader,
    "Any": lambda hint: EnvParser("text", str),
    "Literal": _literal_reader,
    "LiteralString": lambda hint: EnvParser("text", str),
    "NewType": lambda hint: reader_for(hint.__supertype__),
    "TypeAliasType": lambda hint: reader_for(hint.__value__),
    "Union": _union_reader,
}


def _enum() -> Any:
    """Return the base of enums; a type without instances if enum is not loaded."""
    return getattr(sys.modules.get("enum"), "Enum", _Never)


class _Never:
    """No class derives from this one."""


def _is_member(value: object) -> bool:
    return isinstance(value, _enum())


def _is_path(value: object) -> bool:
    return hasattr(value, "__fspath__")
