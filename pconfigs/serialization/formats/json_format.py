"""JSON: plain data as text, one member on each line."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from pconfigs.annotations.kinds import JSON_SCALARS
from pconfigs.errors.base import Problem
from pconfigs.errors.serialization import FormatError
from pconfigs.serialization.conversion.text_words import finite
from pconfigs.serialization.formats.key_lines import json_lines

located = json_lines
INDENT = "  "
WIDTH = 88
_LARGE = r"[0-9][eE]\+?[0-9]{3}|[0-9]{300}"


def write(data: Any) -> str:
    """Return the JSON text of plain data; lists and mappings of scalars on one line where they fit.

    Raises:
        ValueError: A number has more digits than Python writes.
    """
    lines: list[str] = []
    _add_lines(lines, "", data, "")
    text = "\n".join(lines) + "\n"
    if text.isascii():
        return text
    # Halves of surrogate pairs have no UTF-8, but a JSON escape.
    return re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text)


def _add_lines(lines: list[str], label: str, value: Any, indent: str) -> None:
    """Add the lines of a value after its label."""
    text = _short(value, WIDTH - len(indent) - len(label))
    if text is not None:
        lines.append(f"{indent}{label}{text}")
        return
    inner = f"{indent}{INDENT}"
    is_dict = isinstance(value, dict)
    opening, closing = "{}" if is_dict else "[]"
    lines.append(f"{indent}{label}{opening}")
    if is_dict and JSON_SCALARS.issuperset(map(type, value.values())):
        # Nearly all leaves are in such mappings: they are left to the encoder as a whole.
        lines.append(f"{inner}{_encoder(inner)(value)[1:-1]}")
    else:
        entries = value.items() if is_dict else [(None, item) for item in value]
        for key, item in entries:
            _add_lines(lines, f"{_encoder()(key)}: " if is_dict else "", item, inner)
            lines[-1] += ","
        lines[-1] = lines[-1].removesuffix(",")
    lines.append(f"{indent}{closing}")


@lru_cache(maxsize=32)
def _encoder(indent: str = "") -> Callable[[Any], str]:
    """Return what writes a value on one line, or the members of a mapping on lines of their own."""
    from json import JSONEncoder

    separators = (f",\n{indent}", ": ") if indent else None
    return JSONEncoder(ensure_ascii=False, allow_nan=False, separators=separators).encode


def _short(value: Any, room: int) -> str | None:
    """Return a scalar, a list of scalars or a mapping of one, if it fits, else None."""
    kind = type(value)
    if kind in JSON_SCALARS:
        return _encoder()(value)
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
    text = _encoder()(value)
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
        # Python would make numbers that are larger than any float infinite.
        parse_float=finite if re.search(_LARGE, text) else None,
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
