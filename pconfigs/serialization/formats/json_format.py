"""JSON: plain data as text, one member on each line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pconfigs.annotations.kinds import JSON_SCALARS
from pconfigs.errors.base import Problem
from pconfigs.errors.serialization import FormatError
from pconfigs.serialization.conversion.text_words import finite
from pconfigs.serialization.formats.key_lines import json_lines
from pconfigs.serialization.formats.numbers import may_be_too_large

located = json_lines
INDENT = "  "
WIDTH = 88
_ENCODERS: dict[str, Callable[[Any], str]] = {}


def write(data: Any) -> str:
    """Return the JSON text of plain data; lists and mappings of scalars on one line where they fit.

    Raises:
        ValueError: A number has more digits than Python writes.
    """
    from json import JSONEncoder

    encode = JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    lines: list[str] = []
    # What is open: its entries, the indent of its brackets, its closing bracket.
    pending: list[tuple[Any, str, str]] = [(iter([("", data)]), "", "")]
    while pending:
        entries, indent, closing = pending[-1]
        inner = f"{indent}{INDENT}" if closing else ""
        for label, value in entries:
            text = _short(value, encode, WIDTH - len(inner) - len(label))
            if text is not None:
                lines.append(f"{inner}{label}{text},")
                continue
            is_dict = isinstance(value, dict)
            if is_dict and JSON_SCALARS.issuperset(map(type, value.values())):
                # Nearly all leaves are in such mappings: they are left to the encoder as a whole.
                text = _encoder(f"{inner}{INDENT}")(value)
                lines.append(f"{inner}{label}{{\n{inner}{INDENT}{text[1:-1]}\n{inner}}},")
                continue
            lines.append(f"{inner}{label}{'{' if is_dict else '['}")
            pending.append((_entries(value, encode), inner, "}" if is_dict else "]"))
            break
        else:
            pending.pop()
            lines[-1] = lines[-1].removesuffix(",")
            if closing:
                lines.append(f"{indent}{closing},")
    text = "\n".join(lines) + "\n"
    if text.isascii():
        return text
    import re

    # Halves of surrogate pairs have no UTF-8, but a JSON escape.
    return re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text)


def _encoder(indent: str) -> Callable[[Any], str]:
    """Return what writes a mapping of scalars with each member on a line of its own."""
    found = _ENCODERS.get(indent)
    if found is None:
        from json import JSONEncoder

        made = JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(f",\n{indent}", ": "))
        found = made.encode
        if len(indent) <= 40:
            _ENCODERS[indent] = found
    return found


def _entries(value: Any, encode: Callable[[Any], str]) -> Any:
    if isinstance(value, dict):
        return ((f"{encode(key)}: ", item) for key, item in value.items())
    return (("", item) for item in value)


def _short(value: Any, encode: Callable[[Any], str], room: int) -> str | None:
    """Return a scalar, a list of scalars or a mapping of one, if it fits, else None."""
    kind = type(value)
    if kind in JSON_SCALARS:
        return encode(value)
    if not value:
        return "{}" if isinstance(value, dict) else "[]"
    if kind is dict:
        if len(value) > 1:
            return None
        inner = next(iter(value.values()))
        flat = inner if type(inner) is list else [inner]
    else:
        flat = value
    if 3 * len(flat) > room or not JSON_SCALARS.issuperset(map(type, flat)):
        return None
    text = encode(value)
    return text if len(text) <= room else None


def read(text: str) -> Any:
    """Return the plain data of JSON text.

    Raises:
        FormatError: It is malformed, or has a key twice.
    """
    from json import JSONDecodeError, JSONDecoder

    # NaN and Infinity, which JSON does not have, are read as Python writes them.
    decoder = JSONDecoder(
        object_pairs_hook=_once,
        parse_constant=_CONSTANTS.__getitem__,
        parse_float=finite if may_be_too_large(text) else None,
    )
    try:
        return decoder.decode(text)
    except JSONDecodeError as error:
        words = f"line {error.lineno}, column {error.colno}: invalid JSON: {error.msg}"
        raise FormatError([Problem("", words)]) from error
    except RecursionError:
        raise FormatError([Problem("", "it is nested too deeply")]) from None
    except ValueError as error:
        raise FormatError([Problem("", str(error))]) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} appears twice in one mapping")
    return found


_CONSTANTS = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
