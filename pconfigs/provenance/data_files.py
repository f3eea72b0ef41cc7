"""Data files: the lines of their keys, looked for when they are asked for."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from typing import Any

from pconfigs.annotations.kinds import MISSING
from pconfigs.atomic_files import read_regular
from pconfigs.imports.path_syntax import Item
from pconfigs.provenance.locations import Location, entry_place

__all__ = ["DataFile", "DataLocation", "entry_text"]


class DataFile:
    """A data file that was read; what it has on a line counts while its content is the same.

    Attributes:
        name: Its absolute path.
        content_hash: The hash of its content.
        find: Returns the mappings and lists of a text; the mappings have the `lines` of their keys.
    """

    __slots__ = ("_lines", "_tree", "content_hash", "find", "name")

    def __init__(self, name: str, content_hash: bytes, find: Callable[[str], Any]) -> None:
        self.name, self.content_hash, self.find = name, content_hash, find
        self._tree, self._lines = MISSING, [""]

    @classmethod
    def of(cls, name: str, content: bytes, find: Callable[[str], Any]) -> DataFile:
        """Return the data file of this content."""
        return cls(os.path.abspath(name), _hash_of(content), find)

    @property
    def tree(self) -> Any:
        """The mappings and lists of the file; None where they are not known."""
        if self._tree is MISSING:
            self._read()
        return self._tree

    def line(self, steps: Iterable[Any]) -> int:
        """Return the line of the key at some steps from the top, from 1; 0 if it is not known."""
        node = self.tree
        line = getattr(node, "line", 0)
        for step in steps:
            key = step.key if isinstance(step, Item) else step
            if isinstance(node, dict):
                line, node = getattr(node, "lines", {}).get(key, 0), node.get(key)
            elif isinstance(node, list) and isinstance(key, int) and -len(node) <= key < len(node):
                node = node[key]
                line = getattr(node, "line", line)
            else:
                return 0
        return line

    def text(self, line: int, key: str) -> str:
        """Return the text of a line that sets this key alone, else ""."""
        return entry_text(self._lines[line - 1], key) if 0 < line <= len(self._lines) else ""

    def _read(self) -> None:
        """Find the lines; none of a file that is gone, or is not what was read."""
        self._tree = None
        try:
            content = read_regular(self.name)
            if _hash_of(content) == self.content_hash:
                text = content.decode("utf-8-sig")
                self._tree, self._lines = self.find(text), text.split("\n")
        except (OSError, ValueError, RecursionError):
            pass

    def __reduce__(self) -> tuple[Any, ...]:
        return (DataFile, (self.name, self.content_hash, self.find))


class DataLocation(Location):
    """The mapping of a data file that a config was made of.

    Attributes:
        source: The file.
        steps: The steps from its top to the mapping.
    """

    __slots__ = ("source", "steps")

    def __init__(self, source: DataFile, steps: tuple[Any, ...]) -> None:
        self.file, self.function = source.name, "<file>"
        self._code, self._lasti, self._columns = None, -1, (None, None)
        self._end_line, self._text = None, None
        self.source, self.steps = source, steps

    @property
    def line(self) -> int:  # type: ignore[override]
        """The line that the mapping begins on, or its key; 0 if it is not known."""
        return self.source.line(self.steps)

    def entry(self, name: str) -> Location | None:
        line = self.source.line((*self.steps, name))
        if not line:
            return None
        return entry_place(self.file, line, self.source.text(line, name))

    def text_of(self, name: str) -> str | None:
        line = self.source.line((*self.steps, name))
        return self.source.text(line, name).strip() or None

    def __reduce__(self) -> tuple[Any, ...]:
        return (DataLocation, (self.source, self.steps))


def entry_text(text: str, key: str) -> str:
    """Return a line of a data file if it sets this key alone, else "".

    Others that it sets may be secrets.
    """
    starts = re.match(rf"\s*([\"']?){re.escape(key)}\1\s*[:=]", text)
    if not starts or "{" in text or "}" in text:
        return ""
    return text.rstrip().removesuffix(",") if starts[1] else text.rstrip()


def _hash_of(content: bytes) -> bytes:
    from hashlib import blake2b

    return blake2b(content, digest_size=16).digest()
