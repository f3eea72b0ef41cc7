"""Parsers of single values: booleans, numbers, strings, paths, dates, enum members, literals."""

from __future__ import annotations

import sys

from pconfigs.serialization.conversion.scalar_codecs import is_enum, scalar_codec_of
from pconfigs.serialization.conversion.text_words import NOTHING, boolean, number, special, text_of
from pconfigs.serialization.texts.base import (
    Ambiguous,
    TextParser,
    TextSource,
    is_dotted,
    is_literally,
    read_literal,
)
from pconfigs.serialization.texts.tokens import parse_call, unquoted
from pconfigs.validation.base import (
    ANY,
    ClassValidator,
    InvalidValue,
    LiteralValidator,
    Validator,
)

TYPE_CHECKING = False  # every module of environment variables imports this
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# Types whose constructor accepts a str without parsing it.
_NOT_FROM_TEXT = (bytes, bytearray, list, tuple, dict, set, frozenset, type, range, memoryview)


class AnythingParser(TextParser):
    """Parses what everything fits."""

    words = "text"

    def __init__(self, validator: Any, parser_of: Callable[[Validator], TextParser]) -> None:
        super().__init__(validator, parser_of)
        self.is_simple = validator.description == ANY.description

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        return source.untyped(text, self.validator)


class NameParser(TextParser):
    """Parses classes, functions and objects of a protocol: by dotted paths."""

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        if is_dotted(text):
            return source.named(text, self.validator)
        return read_literal(text, self.validator)


class TypeParser(NameParser):
    """Parses classes, types of Python itself by their names."""

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        if text in source.builtin_types:
            return source.named(text, self.validator)
        return super().parse(text, source, inner)


class InstanceParser(TextParser):
    """Parses instances of a class without a text of its own."""

    def __init__(self, validator: Any, parser_of: Callable[[Validator], TextParser]) -> None:
        super().__init__(validator, parser_of)
        cls = validator.cls
        self.names = frozenset((cls.__name__,))
        self.is_simple = not (
            issubclass(cls, _NOT_FROM_TEXT)
            or hasattr(cls, "__pconfig_schema__")
            or cls.__module__ in ("typing", "collections.abc")
            or getattr(cls, "_is_protocol", False)
        )

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        return source.instance(text, self.validator)

    def explicit(self, name: str, inside: str, source: TextSource) -> Any:
        # As it is printed: `Path("data")`, `float("nan")`.
        quoted = unquoted(inside)
        return self.parse(inside if quoted is None else quoted, source)


class AbsenceParser(InstanceParser):
    """Parses the one object of a class such as that of NoneConfig, by its name."""

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        cls = self.validator.cls
        if text.strip() == cls.__pconfig_words__:
            return cls()
        return super().parse(text, source, inner)


class NoneParser(InstanceParser):
    """Parses None."""

    words = "None"
    options = ("None",)

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        word = text.strip() if source.explicit else text
        return None if word in NOTHING else self.validator.validate(text)


class BooleanParser(InstanceParser):
    """Parses booleans."""

    words = "true, 1, yes, on, false, 0, no or off"

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        found = boolean(text.strip())
        return read_literal(text, self.validator) if found is None else found


class NumberParser(InstanceParser):
    """Parses numbers, also as `float(nan)`."""

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        call = parse_call(text) if source.explicit else None
        word = text.strip()
        if call is not None and call[0] == self.validator.cls.__name__:
            word = unquoted(call[1]) or call[1]
        try:
            found = number(word)
            if found is None and self.validator.cls is not int:
                found = special(word)
            if source.casts and found is not None and self.validator.cls is not int:
                return self.validator.cls(found)
        except (ValueError, OverflowError) as error:
            raise InvalidValue("", text, self.validator.description, str(error)) from None
        return read_literal(word, self.validator) if found is None else found


class PythonLiteralParser(InstanceParser):
    """Parses values that are typed as Python literals, though files have a text for them."""

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        return read_literal(text, self.validator)


class StringParser(InstanceParser):
    """Parses strings: the text as it is; within brackets, quotes are taken off."""

    is_simple = True

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        plain = _bare(text, inner)
        cls = self.validator.cls
        return plain if cls is str else cls(plain)


class PathParser(InstanceParser):
    """Parses paths, also as `Path('data')`."""

    is_simple = True

    def __init__(self, validator: Any, parser_of: Callable[[Validator], TextParser]) -> None:
        super().__init__(validator, parser_of)
        self.names = frozenset(("Path", "PosixPath", "PurePath", "WindowsPath"))

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        quoted = unquoted(text) if inner else None
        call = parse_call(text)
        if call is not None and call[0].endswith("Path") and unquoted(call[1]) is not None:
            quoted = unquoted(call[1])
        return self.validator.cls(text if quoted is None else quoted)


class CodecParser(InstanceParser):
    """Parses dates, decimals and other values that have the same text in files."""

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        cls = self.validator.cls
        quoted = unquoted(text) if inner else None
        text = text if quoted is None else quoted
        call = parse_call(text)
        if call is not None and call[0] == cls.__name__ and unquoted(call[1]) is not None:
            text = unquoted(call[1]) or ""
        codec = scalar_codec_of(cls)
        assert codec is not None
        try:
            return codec.read(text)
        except (ValueError, ArithmeticError) as error:
            raise InvalidValue("", text, self.validator.description, str(error)) from None


class EnumParser(InstanceParser):
    """Parses members of an enum, by name or value; of flags, several joined by `|`."""

    is_simple = True

    def __init__(self, validator: Any, parser_of: Callable[[Validator], TextParser]) -> None:
        super().__init__(validator, parser_of)
        self.options = tuple(map(text_of, validator.cls))

    @property
    def description(self) -> str:
        return f"{' or '.join(map(repr, self.options))} ({self.validator.description})"

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        quoted = unquoted(text) if inner else None
        return self._member(text if quoted is None else quoted, source)

    def _member(self, text: str, source: TextSource) -> Any:
        cls = self.validator.cls
        word = text.strip()
        if "|" in word and issubclass(cls, sys.modules["enum"].Flag):
            joined = None
            for one in word.split("|"):
                member = self._member(one, source)
                joined = member if joined is None else joined | member
            return joined
        name = word.rpartition(".")[2] if word.rpartition(".")[0] == cls.__name__ else word
        named = [cls.__members__[name]] if name in cls.__members__ else []
        valued = []
        if name == word:
            valued = [one for one in cls.__members__.values() if _is_value(text, one.value)]
        found = [*named, *valued] if source.explicit else [*valued, *named]
        distinct = list(dict.fromkeys(one.name for one in found))
        if len(distinct) > 1 and source.explicit:
            ways = [f"{cls.__name__}.{one}" for one in distinct]
            raise Ambiguous(text, ways)
        if found:
            return found[0]
        try:
            return cls(text)  # the class may know more spellings
        except Exception:
            return self.validator.validate(text)


class LiteralParser(TextParser):
    """Parses the values of a `Literal`."""

    is_simple = True

    def __init__(self, validator: Any, parser_of: Callable[[Validator], TextParser]) -> None:
        super().__init__(validator, parser_of)
        self.names = frozenset(type(value).__name__ for value in validator.values)
        self.options = tuple(map(text_of, validator.values))

    @property
    def description(self) -> str:
        return " or ".join(map(repr, self.options))

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        plain = _bare(text, inner)
        values = self.validator.values
        found = [value for value in values if _is_option(text, plain, value)]
        if not found:
            meant = boolean(text.strip())
            found = [one for one in values if isinstance(one, bool) and one is meant]
        if len(found) > 1 and source.explicit:
            ways = [f"{type(value).__name__}({text})" for value in found]
            raise Ambiguous(text, ways)
        if found:
            return found[0]
        if not source.explicit:
            return self.validator.validate(text)
        call = parse_call(text)
        if call is not None and call[0] in self.names and len(self.names) > 1:
            return self.explicit(*call, source)
        return read_literal(text, self.validator)

    def explicit(self, name: str, inside: str, source: TextSource) -> Any:
        same = [value for value in self.validator.values if type(value).__name__ == name]
        return LiteralParser(LiteralValidator(tuple(same)), self.parser_of).parse(inside, source)


def _is_option(text: str, plain: str, value: Any) -> bool:
    """Return whether a text means a value of a `Literal`; `plain` is the text without quotes."""
    cls = type(value)
    if is_enum(cls):
        names = (value.name, f"{cls.__name__}.{value.name}")
        return text.strip() in names or _is_value(text, value.value)
    if isinstance(value, str):
        return bool(value == plain)
    if isinstance(value, bool):
        return boolean(text.strip(), clear=True) is value
    if value is None:
        return text.strip() in NOTHING
    return is_literally(text, value)


def _is_value(text: str, value: Any) -> bool:
    return is_literally(text, value) or (not isinstance(value, str) and text == text_of(value))


def _bare(text: str, inner: bool) -> str:
    """Return the string that a text is, within brackets without spaces around it and quotes."""
    quoted = unquoted(text) if inner else None
    if quoted is not None:
        return quoted
    return text.strip() if inner else text


def class_parser(
    validator: ClassValidator, parser_of: Callable[[Validator], TextParser]
) -> TextParser:
    """Return the parser of a class."""
    return _parser_type(validator.cls)(validator, parser_of)


def _parser_type(cls: type) -> type[InstanceParser]:
    known = _KNOWN.get(cls)
    if known is not None:
        return known
    if "__pconfig_words__" in vars(cls):
        return AbsenceParser
    if is_enum(cls):
        return EnumParser
    if issubclass(cls, str):
        return StringParser
    if cls.__module__.partition(".")[0] == "pathlib":
        return PathParser
    return InstanceParser if scalar_codec_of(cls) is None else CodecParser


_KNOWN: dict[type, type[InstanceParser]] = {
    bool: BooleanParser, int: NumberParser, float: NumberParser, complex: NumberParser,
    bytes: PythonLiteralParser, range: PythonLiteralParser, type(None): NoneParser,
}  # fmt: skip
