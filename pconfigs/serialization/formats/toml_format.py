"""TOML: plain data as text, one line for each leaf and a table for each config.

Written without any package; read by the standard library, or before Python 3.11 by tomli.
"""

from __future__ import annotations

import sys

from pconfigs.annotations.kinds import is_a
from pconfigs.errors.base import MissingExtraError
from pconfigs.errors.serialization import FormatError, LoadProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WIDTH = 88


def write(data: dict[str, Any]) -> str:
    """TOML text of plain data. None, which TOML lacks, is `{"$none" = true}`."""
    out: list[str] = []
    # Tables that are still to be written: their names, and what is in them.
    pending: list[tuple[str, dict[str, Any], bool]] = [("", data, False)]
    while pending:
        name, table, is_item = pending.pop()
        first = len(out)
        below: list[tuple[str, dict[str, Any], bool]] = []
        for key, value in table.items():
            word = _key(key)
            path = f"{name}.{word}" if name else word
            if is_a(value, dict) and _is_table(value):
                below.append((path, value, False))
            elif is_a(value, list) and value and all(map(_is_table, value)):
                below += [(path, item, True) for item in value]
            else:
                out.append(f"{word} = {_inline(value, len(word) + 3)}")
        if name and (is_item or len(out) > first or not below):
            out.insert(first, f"\n[[{name}]]" if is_item else f"\n[{name}]")
        pending += reversed(below)
    return "\n".join(out).lstrip("\n") + "\n"


def _is_table(value: Any) -> bool:
    """Whether a mapping is written as a table of its own: everything but a tagged value."""
    if not is_a(value, dict) or not value:
        return False
    return not (len(value) == 1 and next(iter(value))[:1] == "$")


def _key(key: str) -> str:
    import re

    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _quoted(key)


def _quoted(text: str) -> str:
    """Return a text between double quotes; control characters are escaped."""
    letters: list[str] = []
    for letter in text:
        if letter in '"\\':
            letters.append(f"\\{letter}")
        elif letter in _ESCAPES:
            letters.append(_ESCAPES[letter])
        elif letter < " " or letter == "\x7f":
            letters.append(f"\\u{ord(letter):04x}")
        elif "\ud800" <= letter <= "\udfff":
            raise ValueError("TOML has no form for half of a surrogate pair")
        else:
            letters.append(letter)
    return f'"{"".join(letters)}"'


_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}


def _inline(value: Any, used: int) -> str:
    """Return a value on one line, or a long list over several lines."""
    if is_a(value, list) and value and not any(is_a(v, (list, dict)) for v in value):
        items = [_scalar(item) for item in value]
        text = f"[{', '.join(items)}]"
        lines = "".join(f"    {item},\n" for item in items)
        return text if len(text) + used <= WIDTH else f"[\n{lines}]"
    parts: list[str] = []
    pending: list[Any] = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, _Text):
            parts.append(one)
        elif is_a(one, dict) and one:
            inside: list[Any] = [_Text("{ ")]
            for index, (key, item) in enumerate(one.items()):
                inside += [_Text(f"{', ' if index else ''}{_key(key)} = "), item]
            pending += reversed([*inside, _Text(" }")])
        elif is_a(one, list) and one:
            inside = [_Text("[")]
            for index, item in enumerate(one):
                inside += [_Text(", "), item] if index else [item]
            pending += reversed([*inside, _Text("]")])
        else:
            parts.append(_scalar(one))
    return "".join(parts)


class _Text(str):
    """A piece of TOML that is written already."""

    __slots__ = ()


def _scalar(value: Any) -> str:
    if value is None:
        return '{ "$none" = true }'
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    return "{}" if value == {} else repr(value)


MOST_PARTS = 100
"""Parts of a dotted key that are read; the time that tomllib takes grows with their square."""


def _refuse_long_keys(text: str) -> None:
    """Raise FormatError where a dotted key has more than 100 parts."""
    if not any(line.count(".") >= MOST_PARTS for line in text.split("\n")):
        return
    import re

    string = r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\''
    parts, end = 1, 0
    for token in re.finditer(rf"{string}|#[^\n]*|[A-Za-z0-9_-]+", text, re.DOTALL):
        is_next = token[0][0] != "#" and text[end : token.start()].strip(" \t") == "."
        parts, end = (parts + 1 if is_next else 1), token.end()
        if parts > MOST_PARTS:
            line = text.count("\n", 0, end) + 1
            words = f"line {line}: a dotted key has more than {MOST_PARTS} parts"
            raise FormatError([LoadProblem("", words)])


def read(text: str) -> Any:
    """Plain data of TOML text.

    Raises:
        FormatError: It is not TOML.
        MissingExtraError: Before Python 3.11, tomli is not installed.
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        try:
            import tomli as tomllib
        except ImportError:
            raise MissingExtraError("tomli", "toml", "reading TOML") from None
    _refuse_long_keys(text)
    try:
        # TOML breaks lines by \n or \r\n; a lone \r is refused by its reader.
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FormatError([LoadProblem("", f"invalid TOML: {error}")]) from error
    except RecursionError:
        words = "it is nested deeper than TOML is read"
        raise FormatError([LoadProblem("", words)]) from None
    except ValueError as error:
        raise FormatError([LoadProblem("", f"invalid TOML: {error}")]) from error
