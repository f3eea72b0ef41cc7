"""Lines of keys in JSON and TOML, whose readers do not keep them.

The text is known to be of its format: what is read here are its brackets and keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from json import loads
from typing import Any

from pconfigs.serialization.formats.yaml_scalar import Located
from pconfigs.syntax import literal_value

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}(?!")'
    r"|'''.*?'{3,5}(?!')"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[\]{}=:,.\n]"
    r"|[^\s\[\]{}=:,.#\"']+",
    re.DOTALL,
)


def json_lines(text: str) -> Any:
    """Return the mappings and lists of JSON text; the mappings have the lines of their keys."""
    return _Scanner(text, ":", loads).value()


def toml_lines(text: str) -> Any:
    """Return the mappings and lists of TOML text; the mappings have the lines of their keys."""
    return _Scanner(text, "=", literal_value).document()


class _Scanner:
    """A text as tokens, and the one that comes next.

    Args:
        text: Of JSON or TOML.
        colon: What is between a key and its value.
        unquoted: Returns the string of a token in quotation marks.
    """

    def __init__(self, text: str, colon: str, unquoted: Callable[[str], str]) -> None:
        self.colon, self.unquoted = colon, unquoted
        self.tokens: list[str] = []
        self.lines: list[int] = []
        line = 1
        for found in _TOKEN.finditer(text):
            token = found[0]
            if token[0] != "#":
                self.tokens.append(token)
                self.lines.append(line)
            line += token.count("\n")
        self.tokens.append("")
        self.lines.append(line)
        self.at = 0

    @property
    def next(self) -> str:
        return self.tokens[self.at]

    @property
    def line(self) -> int:
        return self.lines[self.at]

    def skip(self, *tokens: str) -> None:
        while self.next in tokens:
            self.at += 1

    def value(self) -> Any:
        """Return the mapping or list that comes next; None where it is a scalar."""
        self.skip("\n")
        opening = self.next
        if opening == "{":
            return self.mapping()
        if opening == "[":
            self.at += 1
            items = []
            self.skip("\n")
            while self.next not in ("]", ""):
                items.append(self.value())
                self.skip("\n", ",")
            self.at += 1
            return items
        while self.next not in (",", "]", "}", "\n", ""):
            self.at += 1
        return None

    def mapping(self) -> Located:
        """Return the mapping whose bracket comes next."""
        made = Located(line=self.line)
        self.at += 1
        self.skip("\n")
        while self.next not in ("}", ""):
            self.entry(made)
            self.skip("\n", ",")
        self.at += 1
        return made

    def entry(self, into: Located) -> None:
        line = self.line
        *names, last = self.names()
        for name in names:
            into = _inner(into, name, line)
        into.lines.setdefault(last, line)
        into[last] = self.value()

    def names(self) -> list[str]:
        """Return the names of the key that comes next, up to what is after it."""
        names: list[str] = []
        while self.next not in (self.colon, "]", ""):
            if self.next not in (".", "\n"):
                quoted = self.next[0] in "\"'"
                names.append(self.unquoted(self.next) if quoted else self.next)
            self.at += 1
        self.at += 1
        return names

    def document(self) -> Located:
        """Return the tables of a TOML document."""
        top = table = Located(line=1)
        self.skip("\n")
        while self.next:
            if self.next == "[":
                table = self.header(top)
            else:
                self.entry(table)
            self.skip("\n")
        return top

    def header(self, top: Located) -> Located:
        """Return the table that a header opens."""
        line = self.line
        is_item = self.tokens[self.at + 1] == "["
        self.skip("[")
        *names, last = self.names()
        self.skip("]")
        into = top
        for name in names:
            into = _inner(into, name, line)
        into.lines.setdefault(last, line)
        if not is_item:
            return _inner(into, last, line)
        made = Located(line=line)
        into.setdefault(last, []).append(made)
        return made


def _inner(into: Located, name: str, line: int) -> Located:
    """Return the table under a name, or the last one of a list of tables."""
    into.lines.setdefault(name, line)
    inner = into.setdefault(name, Located(line=line))
    return inner[-1] if isinstance(inner, list) else inner  # type: ignore[no-any-return]
