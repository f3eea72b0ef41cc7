"""Typed leaves: the number, enum member, text or other literal of a text."""

from __future__ import annotations

import sys

from pconfigs.annotations.kinds import kind_of
from pconfigs.overrides.tokens import literal, parse_call, unquoted
from pconfigs.serialization.conversion.scalar_codecs import is_enum, scalar_codec_of
from pconfigs.validation.base import (
    AnyValidator,
    ClassValidator,
    InvalidValue,
    LiteralValidator,
    ProtocolValidator,
    Validator,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NUMBERS = (int, float, complex)
BOOLS = {"True": True, "true": True, "False": False, "false": False}
WORDS = {
    "none": "None", "null": "None", "nil": "None", "~": "None", "infinity": "inf",
    "+infinity": "inf", "-infinity": "-inf", "nan": "nan", "yes": "True", "on": "True",
    "true": "True", "no": "False", "off": "False", "false": "False",
}  # fmt: skip
"""How other languages write a value, in lower case, and how it is written here."""
LITERALS = (bytes, complex, range)
"""Types that have a codec, but are typed as Python literals on a command line."""


class Ambiguous(InvalidValue):
    """A text that may be several values.

    Attributes:
        ways: How each of them is written.
    """

    def __init__(self, text: str, ways: list[str]) -> None:
        super().__init__("", text, "one value", f"say {' or '.join(ways)}", constraint=True)
        self.ways = ways


def read_literal(text: str, validator: Validator) -> Any:
    """Return the Python literal that a text is, or else the text, if either fits.

    Raises:
        Mismatch: Neither does.
    """
    try:
        value = literal(text)
    except ValueError:
        if type(validator) in (AnyValidator, ProtocolValidator):
            advice = f"for a text: {text!r}" if len(text) < 200 else "put a text in quotes"
            meant = WORDS.get(text.strip().lower())
            if meant in ("None", "True", "False") and meant != text:
                advice = f"did you mean {meant}? {advice}"
            raise InvalidValue("", text, "a Python literal", advice) from None
        return validator.validate(text)
    return validator.validate(value)


def read_number(text: str, validator: ClassValidator) -> Any:
    """Return the number that a text is, also as `float(nan)`."""
    call = parse_call(text)
    word = text.strip()
    if call is not None and call[0] == validator.cls.__name__:
        word = unquoted(call[1]) or call[1]
    if validator.cls is not int and word.lstrip("+-") in ("nan", "inf"):
        return float(word)
    return read_literal(word, validator)


def read_made(text: str, validator: ClassValidator) -> Any:
    """Return the date, decimal or other value that its class reads from a text."""
    cls: Any = validator.cls
    call = parse_call(text)
    if call is not None and call[0] == cls.__name__ and unquoted(call[1]) is not None:
        text = unquoted(call[1]) or ""
    codec = scalar_codec_of(cls)
    assert codec is not None
    try:
        return codec.read(text)
    except (ValueError, ArithmeticError) as error:
        raise InvalidValue("", text, validator.description, str(error)) from None


def read_member(text: str, validator: ClassValidator) -> Any:
    """Return the enum member of a name or value; of flags, several joined by `|`."""
    cls: Any = validator.cls
    word = text.strip()
    if "|" in word and issubclass(cls, sys.modules["enum"].Flag):
        joined = None
        for one in word.split("|"):
            member = read_member(one, validator)
            joined = member if joined is None else joined | member
        return joined
    name = word.rpartition(".")[2] if word.rpartition(".")[0] == cls.__name__ else word
    found = [cls.__members__[name]] if name in cls.__members__ else []
    if name == word:
        found += [one for one in cls.__members__.values() if _says(text, one.value)]
    distinct = list(dict.fromkeys(one.name for one in found))
    if len(distinct) > 1:
        ways = [f"{cls.__name__}.{one}" for one in distinct]
        raise Ambiguous(text, ways)
    return found[0] if found else validator.validate(text)


def _says(text: str, value: Any) -> bool:
    """Return whether a text is how a user would type `value`."""
    if isinstance(value, str):
        return text == value
    try:
        said = literal(text)
        return type(said) is type(value) and bool(said == value)
    except (ValueError, TypeError):
        return False


def literal_member(text: str, validator: LiteralValidator, inner: bool) -> Any:
    """Return the value of a `Literal` in a text; `inner` if it is within brackets."""
    plain = unquoted(text) if inner else None
    found: list[Any] = []
    for value in validator.values:
        cls = kind_of(value)
        if isinstance(value, str) and not is_enum(cls):
            fits = value == ((text.strip() if inner else text) if plain is None else plain)
        elif is_enum(cls):
            member: Any = value
            names = (member.name, f"{cls.__name__}.{member.name}")
            fits = text.strip() in names or _says(text, member.value)
        elif isinstance(value, bool):
            fits = BOOLS.get(text.strip()) is value
        else:
            fits = _says(text, value)
        if fits:
            found.append(value)
    if len(found) > 1:
        ways = [f"{type(value).__name__}({text})" for value in found]
        raise Ambiguous(text, ways)
    if not found and len(set(map(kind_of, validator.values))) > 1:
        call = parse_call(text)
        same = [value for value in validator.values if call and type(value).__name__ == call[0]]
        if call is not None and same:
            return literal_member(call[1], LiteralValidator(tuple(same)), inner)
    return found[0] if found else read_literal(text, validator)
