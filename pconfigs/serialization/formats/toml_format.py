"""TOML: plain data as text, and back. Written by tomli-w, read by the standard library."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from pconfigs.errors.base import MissingExtraError, Problem
from pconfigs.errors.serialization import FormatError
from pconfigs.serialization.conversion.text_words import finite
from pconfigs.serialization.formats.key_lines import toml_lines

located = toml_lines
_NONE = {"$none": True}
"""None, which TOML lacks."""


def write(data: dict[str, Any]) -> str:
    """Return the TOML text of plain data.

    Raises:
        MissingExtraError: tomli-w is not installed.
    """
    try:
        import tomli_w
    except ImportError:
        raise MissingExtraError("tomli-w", "toml", "writing TOML") from None
    return tomli_w.dumps(_without_none(data))


def _without_none(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _without_none(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_without_none(value) for value in data]
    return _NONE if data is None else data


MOST_PARTS = 100
"""Parts of a dotted key that are read; the time that tomllib takes grows with their square."""


def _refuse_long_keys(text: str) -> None:
    """Raise ValueError where a dotted key has more than 100 parts."""
    if not any(line.count(".") >= MOST_PARTS for line in text.split("\n")):
        return
    string = r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\''
    parts, end = 1, 0
    for token in re.finditer(rf"{string}|#[^\n]*|[A-Za-z0-9_-]+", text, re.DOTALL):
        is_next = token[0][0] != "#" and text[end : token.start()].strip(" \t") == "."
        parts, end = (parts + 1 if is_next else 1), token.end()
        if parts > MOST_PARTS:
            line = text.count("\n", 0, end) + 1
            raise ValueError(f"line {line}: a dotted key has more than {MOST_PARTS} parts")


def parse(text: str) -> dict[str, Any]:
    """Return the tables of TOML text.

    Raises:
        ValueError: It is malformed, nested too deeply, or has a number that is too large.
    """
    _refuse_long_keys(text)
    try:
        # TOML breaks lines by \n or \r\n; a lone \r is refused by its reader.
        return tomllib.loads(text, parse_float=finite)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def read(text: str) -> Any:
    """Return the plain data of TOML text.

    Raises:
        FormatError: It is malformed, nested too deeply, or has a number that is too large.
    """
    try:
        return parse(text)
    except ValueError as error:
        raise FormatError([Problem("", f"invalid TOML: {error}")]) from error
