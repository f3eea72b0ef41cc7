"""Tokens: the contents of brackets in a typed text, split at commas and colons."""

from __future__ import annotations

from pconfigs.errors.formatting import outside_brackets
from pconfigs.syntax import literal_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

QUOTES = ("'", '"')


def braced(text: str, brackets: str) -> bool:
    """Return whether a text begins and ends with a pair of brackets: `[a, b]`."""
    return len(text) > 1 and text[0] == brackets[0] and text[-1] == brackets[1]


def split_items(text: str) -> list[str]:
    """Return the items in the brackets around a text; a comma may follow the last."""
    rest = text[1:-1]
    found: list[str] = []
    while rest.strip():
        end = _next(rest, ",")
        found.append(rest[:end].strip())
        rest = rest[end + 1 :]
    return found


def split_pair(text: str) -> tuple[str, str] | None:
    """Return key and value of `key: value`, or None."""
    colon = _next(text, ":")
    return (text[:colon].strip(), text[colon + 1 :].strip()) if colon < len(text) else None


def _next(text: str, sign: str) -> int:
    """Return the index of the first `sign` outside of brackets and quotes, or the text's length."""
    outside = outside_brackets(text, starts_string=_starts_string)
    return next((index for index, letter in outside if letter == sign), len(text))


def _starts_string(text: str, index: int, depth: int) -> bool:
    # A quote within a bare word is an apostrophe: [it's, fine].
    while index and text[index - 1] in "bBrRuU":
        index -= 1
    return not index or text[index - 1] in "[({,: "


def literal(text: str) -> Any:
    """Return the value of a Python literal.

    Raises:
        ValueError: The text is not one.
    """
    import re
    import warnings

    try:
        with warnings.catch_warnings():
            # Backslashes that escape nothing are kept.
            warnings.simplefilter("ignore")
            value = literal_value(text.strip())
        # An exponent of three digits may be more than a float holds: Python makes that infinite.
        if re.search(r"[eE]\+?[0-9_]{3}", text):
            if "inf" in re.sub(r"'.*?'|\".*?\"", "", repr(value)):
                raise ValueError("a number is larger than any float")
        return value
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError) as error:
        raise ValueError(f"{text[:40]!r} is not a literal") from error


def unquoted(text: str) -> str | None:
    """Return the text of a string literal, or None if it is not one."""
    text = text.strip()
    if len(text) < 2 or text[-1] not in QUOTES or not any(quote in text[:2] for quote in QUOTES):
        return None
    try:
        value = literal(text)
    except ValueError:
        return None
    return value if isinstance(value, str) else None


def parse_call(text: str) -> tuple[str, str] | None:
    """Name and inside of `name(inside)`, or None."""
    name, bracket, rest = text.partition("(")
    if not bracket or not rest.endswith(")") or not name.strip().isidentifier():
        return None
    return name.strip(), rest[:-1]
