"""Parsers of texts: what each has, and the sources that texts come from.

One parser is made for each validator, at its first use. Nothing in a text is evaluated.
"""

from __future__ import annotations

from pconfigs.serialization.texts.tokens import literal
from pconfigs.validation.base import (
    AnyValidator,
    ClassValidator,
    InvalidValue,
    ProtocolValidator,
    Validator,
)

TYPE_CHECKING = False  # every module of environment variables imports this
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

MEANT = {
    "none": "None", "null": "None", "nil": "None", "~": "None", "infinity": "inf",
    "+infinity": "inf", "-infinity": "-inf", "nan": "nan", "yes": "True", "on": "True",
    "true": "True", "no": "False", "off": "False", "false": "False",
}  # fmt: skip
"""How other languages write a value, in lower case, and how Python writes it."""


class Ambiguous(InvalidValue):
    """A text that may be several values.

    Attributes:
        ways: How each of them is written.
    """

    def __init__(self, text: str, ways: list[str]) -> None:
        super().__init__("", text, "one value", f"write {' or '.join(ways)}", constraint=True)
        self.ways = ways


class TextSource:
    """Where texts come from, with what they can name there.

    Attributes:
        builtin_types: Names of types of Python itself that can be named.
        casts: Whether `3` is 3.0 for a float; a config holds the int, as Python code would.
        explicit: Whether quotes, and calls such as `str(5)`, choose among several values. Where
            they do not, a text that may be several is the first of them, and a string last.
    """

    builtin_types: frozenset[str] = frozenset()
    casts = False
    explicit = True

    def untyped(self, text: str, validator: Validator) -> Any:
        """Return the value of a text where everything fits: the Python literal that it is."""
        return read_literal(text, validator)

    def named(self, text: str, validator: Validator) -> Any:
        """Return the object that a dotted path leads to."""
        raise NotImplementedError

    def instance(self, text: str, validator: ClassValidator) -> Any:
        """Return the instance of a class without a text of its own, such as a config."""
        raise NotImplementedError

    def refuse_part(self, text: str, validator: Validator) -> None:
        """Raise the error for a text that names no part, where it can be nothing else."""

    def one_of(self, text: str, found: list[tuple[Any, TextParser]]) -> Any:
        """Return one of several values of a text, each with the parser of a union's member."""
        raise NotImplementedError


class TextParser:
    """Parses texts as the values of one validator.

    Attributes:
        validator: The validator.
        parser_of: Gives the parser of another validator.
        is_simple: Whether plain texts without brackets or names state its values.
        words: The texts that are allowed, where the validator's own description is not enough.
        options: All of them, where they are few.
        names: What a text may put before itself to mean this member of a union: `int(5)`.
    """

    is_simple = False
    words = ""
    options: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()

    def __init__(self, validator: Any, parser_of: Callable[[Validator], TextParser]) -> None:
        self.validator = validator
        self.parser_of = parser_of

    @property
    def description(self) -> str:
        """The texts that are allowed, in words."""
        return self.words or str(self.validator.description)

    def value(self, text: str, source: TextSource) -> Any:
        """Return the value of a text, as a config holds it.

        Raises:
            InvalidValue: There is none, or more than one.
        """
        try:
            return self.validator.validate(self.parse(text, source))
        except RecursionError:
            raise InvalidValue("", text, "less deeply nested", constraint=True) from None

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        """Return the value of a text; `inner` if it is within brackets.

        Raises:
            InvalidValue: There is none, or more than one.
        """
        return read_literal(text, self.validator)

    def explicit(self, name: str, inside: str, source: TextSource) -> Any:
        """Return the value of `int(5)`: that of the text in the brackets."""
        return self.parse(inside, source)

    def item(self, key: Any, text: str, validator: Validator, source: TextSource) -> Any:
        """Return the item at `key` of a container."""
        try:
            return validator.validate(self.parser_of(validator).parse(text, source, inner=True))
        except InvalidValue as mismatch:
            raise mismatch.inside(f"[{key!r}]") from None


def read_literal(text: str, validator: Validator) -> Any:
    """Return the Python literal that a text is, or else the text, if either fits.

    Raises:
        InvalidValue: Neither does.
    """
    try:
        value = literal(text)
    except ValueError:
        if type(validator) in (AnyValidator, ProtocolValidator):
            advice = f"for a text: {text!r}" if len(text) < 200 else "put a text in quotes"
            meant = MEANT.get(text.strip().lower())
            if meant in ("None", "True", "False") and meant != text:
                advice = f"did you mean {meant}? {advice}"
            raise InvalidValue("", text, "a Python literal", advice) from None
        return validator.validate(text)
    return validator.validate(value)


def is_literally(text: str, value: Any) -> bool:
    """Return whether a text is how a user would type `value`."""
    if isinstance(value, str):
        return text == value
    try:
        said = literal(text)
        return type(said) is type(value) and bool(said == value)
    except (ValueError, TypeError):
        return False


def is_dotted(text: str) -> bool:
    """Return whether a text may be a dotted path: at least two names."""
    head = text.strip().partition("[")[0]
    return "." in head and all(part.isidentifier() for part in head.split("."))
