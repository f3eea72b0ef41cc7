"""Literals: plain values as code that black would not change."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any

NoneType = type(None)


def quoted(value: str | bytes) -> str:
    """Return a text or bytes literal: in double quotes, unless single ones save backslashes."""
    text = repr(value)
    if text[-1] == '"':
        # It holds single quotes and no double ones.
        return text
    if '"' not in text:
        # Nor single ones, or it would have come in double quotes.
        return text.replace("'", '"')
    return _sparing_backslashes(text)


def _sparing_backslashes(text: str) -> str:
    """Return a literal in single quotes, in the quotes that need less escaping."""
    prefix, _, body = text.partition("'")
    body = body[:-1]
    if body.count('"') > body.count("'"):
        return text
    body = body.replace("\\'", "\0").replace('"', '\\"').replace("\0", "'")
    return f'{prefix}"{body}"'


def block_code(value: str) -> str | None:
    """Return a text of several lines in triple quotes; None if that is not exact.

    A text with backslashes in it needs a raw literal, which begins on the line of its quotes.
    """
    lines = value.split("\n")
    exact = (
        len(lines) > 1
        and '"""' not in value
        and value[-1] not in '"\\'
        and all(line.replace("\t", "").isprintable() for line in lines)
    )
    if not exact:
        return None
    return f'r"""{value}"""' if "\\" in value else f'"""\\\n{value}"""'


def int_code(value: int) -> str:
    """Return digits; hexadecimal ones where there are more digits than Python reads or writes."""
    try:
        return repr(value)
    except ValueError:
        sign = "-" if value < 0 else ""
        return f"{sign}0x{abs(value):X}"


def float_code(value: float) -> str | None:
    """Return digits, with exponents as black writes them; None for nan and infinity."""
    text = repr(value)
    if text[-1] in "nf":
        return None
    return text.replace("e+", "e") if "+" in text else text


def _none_code(value: None) -> str:
    return "None"


SCALARS: dict[type, Callable[[Any], str | None]] = {
    int: int_code,
    float: float_code,
    str: quoted,
    bool: repr,
    NoneType: _none_code,
    bytes: quoted,
}


SCALAR_TYPES = frozenset(SCALARS)


def scalar_codes(values: Collection[Any]) -> list[str] | None:
    """Return the code of each value; None unless all of them are scalars with a literal."""
    if not SCALAR_TYPES.issuperset(map(type, values)):
        return None
    codes = [SCALARS[type(value)](value) for value in values]
    return None if None in codes else codes  # type: ignore[return-value]


def joined_codes(values: Collection[Any], separator: str) -> str | None:
    """Return `separator.join(scalar_codes(values))`, faster for many values."""
    if not SCALAR_TYPES.issuperset(map(type, values)):
        return None
    try:
        return quick_codes(separator.join(map(repr, values)))
    except ValueError:
        codes = scalar_codes(values)
        return None if codes is None else separator.join(codes)


def item_codes(values: dict[Any, Any]) -> str | None:
    """Return the lines of a dict of scalars; None if there are others in it."""
    keys, items = scalar_codes(values), scalar_codes(values.values())
    if keys is None or items is None:
        return None
    return ",\n".join([f"{key}: {item}" for key, item in zip(keys, items, strict=True)])


def quick_codes(reprs: str) -> str:
    """Return the code of many scalars, from the text of their reprs.

    Raises:
        ValueError: The reprs need to be looked at one by one.
    """
    if '"' in reprs or "nan" in reprs or "inf" in reprs or "e+" in reprs:
        raise ValueError
    # Without double quotes in it, no text has single quotes in it but the two around it: repr would
    # have put double quotes around that one.
    return reprs.replace("'", '"')
