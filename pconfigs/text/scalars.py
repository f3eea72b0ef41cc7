"""Scalars: plain values as code that black would not change."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any

NoneType = type(None)


def quoted(value: str | bytes) -> str:
    """A text or bytes literal: in double quotes, unless single ones save backslashes."""
    text = repr(value)
    if text[-1] == '"':
        # It holds single quotes and no double ones.
        return text
    if '"' not in text:
        # Nor single ones, or it would have come in double quotes.
        return f'"{text[1:-1]}"' if text[0] == "'" else f'b"{text[2:-1]}"'
    if isinstance(value, str):
        singles, doubles = value.count("'"), value.count('"')
    else:
        singles, doubles = value.count(b"'"), value.count(b'"')
    if doubles > singles:
        return text
    prefix, _, body = text.partition("'")
    body = body[:-1].replace("\\'", "\0").replace('"', '\\"').replace("\0", "'")
    return f'{prefix}"{body}"'


def int_code(value: int) -> str:
    """Digits; hexadecimal ones where there are more digits than Python reads or writes."""
    try:
        return repr(value)
    except ValueError:
        sign = "-" if value < 0 else ""
        return f"{sign}0x{abs(value):X}"


def float_code(value: float) -> str | None:
    """Digits, with exponents as black writes them; None for nan and infinity."""
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
_SHORT = frozenset({bool, NoneType})


def scalar_codes(values: Collection[Any]) -> list[str] | None:
    """The code of each value; None if any of them is no scalar, or none that is a literal."""
    types = set(map(type, values))
    if len(types) == 1:
        (only,) = types
        if only is float:
            codes: list[str] = list(map(repr, values))
            everything = "".join(codes)
            if "n" in everything:
                return None
            return [code.replace("e+", "e") for code in codes] if "+" in everything else codes
        if only is str:
            return list(map(quoted, values))
    if types <= _SHORT:
        return list(map(repr, values))
    if not types <= SCALARS.keys():
        return None
    found = [SCALARS[type(value)](value) for value in values]
    return None if None in found else found  # type: ignore[return-value]
