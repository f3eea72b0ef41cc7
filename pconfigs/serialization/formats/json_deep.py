"""JSON nested deeper than Python's own reader goes: the same, by a loop."""

from __future__ import annotations

import re

from pconfigs.annotations.kinds import is_a
from pconfigs.errors.serialization import FormatError, LoadProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DEEPEST = 20_000
_SPACE = re.compile(r"[ \t\n\r]*")


def read_deep(text: str) -> Any:
    """Plain data of JSON text.

    Raises:
        FormatError: It is no JSON, has a key twice, or is nested deeper than 20,000 levels.
    """
    from json import JSONDecodeError

    try:
        return _Parser(text).run()
    except JSONDecodeError as error:
        words = f"line {error.lineno}, column {error.colno}: it is no JSON: {error.msg}"
        raise FormatError([LoadProblem("", words)]) from error
    except ValueError as error:
        raise FormatError([LoadProblem("", str(error))]) from error


class _Parser:
    """Reads one text."""

    def __init__(self, text: str) -> None:
        from json import JSONDecoder

        self.text, self.at = text, 0
        self.scan = JSONDecoder().raw_decode
        self.open: list[Any] = []
        self.keys: list[str] = []

    def run(self) -> Any:
        """All of it."""
        while True:
            value = self._value()
            if value is _OPENED:
                continue
            while True:
                if not self.open:
                    self._skip()
                    if self.at < len(self.text):
                        raise self._wrong("Extra data")
                    return value
                self._put(value)
                if self._next():
                    break
                value = self.open.pop()

    def _skip(self) -> str:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def _wrong(self, words: str) -> Exception:
        from json import JSONDecodeError

        return JSONDecodeError(words, self.text, self.at)

    def _value(self) -> Any:
        """A scalar or an empty container, or `_OPENED` where one was entered."""
        letter = self._skip()
        if letter not in ("{", "["):
            if letter == "":
                raise self._wrong("Expecting value")
            value, self.at = self.scan(self.text, self.at)
            return value
        if len(self.open) >= DEEPEST:
            raise ValueError(f"it is nested more than {DEEPEST} levels deep")
        self.at += 1
        made: Any = {} if letter == "{" else []
        if self._skip() == ("}" if letter == "{" else "]"):
            self.at += 1
            return made
        self.open.append(made)
        if letter == "{":
            self._key(made)
        return _OPENED

    def _key(self, mapping: dict[str, Any]) -> None:
        if self._skip() != '"':
            raise self._wrong("Expecting property name enclosed in double quotes")
        key, self.at = self.scan(self.text, self.at)
        if key in mapping:
            raise ValueError(f"the key {key!r} is there twice in one mapping")
        if self._skip() != ":":
            raise self._wrong("Expecting ':' delimiter")
        self.at += 1
        mapping[key] = None
        self.keys.append(key)

    def _put(self, value: Any) -> None:
        container = self.open[-1]
        if is_a(container, dict):
            container[self.keys.pop()] = value
        else:
            container.append(value)

    def _next(self) -> bool:
        """Whether another item of the innermost container follows; else it is closed."""
        container = self.open[-1]
        letter = self._skip()
        self.at += 1
        if letter == ",":
            if is_a(container, dict):
                self._key(container)
            return True
        if letter == ("}" if is_a(container, dict) else "]"):
            return False
        self.at -= 1
        raise self._wrong("Expecting ',' delimiter")


_OPENED = object()
