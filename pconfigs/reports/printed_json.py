"""Printed JSON: the values of a config, for other programs to read; nothing reads it back.

Configs and dicts are objects, lists and tuples arrays, numbers and strings themselves; sets are
sorted arrays; nan and infinity are `"nan"`, `"inf"` and `"-inf"`; paths are their text. A value of
any other kind is the text of its code: `"Color.red"`, `"range(0, 3)"`, `"Required"`.
"""

from __future__ import annotations

from json import dumps

from pconfigs.codegen.config_body import Entries
from pconfigs.codegen.documents import BRACKETS, DICTS, one_line, ordered
from pconfigs.codegen.foreign_code import ForeignCode
from pconfigs.codegen.nodes import NODE_MAKERS, Collapsed, Unprintable
from pconfigs.codegen.width import INDENT
from pconfigs.schema.class_schema import SCHEMA

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SETS = frozenset(
    cls for cls, d in NODE_MAKERS.items() if d in (NODE_MAKERS[set], NODE_MAKERS[frozenset])
)


def to_json(value: Any, *, depth: int | None = None, indent: str = INDENT) -> str:
    """Return JSON of a config or any other value, one member on each line, ending in a line break.

    Args:
        value: A config, or any other value.
        depth: How many levels of configs are entered; deeper ones are the text `"Name(...)"`.
        indent: The indentation of each level.
    """
    writer = _Writer(indent)
    writer.write("", value, depth, ",")
    return "\n".join(writer.lines)[:-1] + "\n"


class _Writer:
    """The lines of one value."""

    def __init__(self, indent: str) -> None:
        self.lines: list[str] = []
        self._indent = indent
        self._around: list[int] = []
        self._formatter = ForeignCode()
        self._entries: dict[type, Entries] = {}

    def write(self, label: str, value: Any, depth: int | None, end: str) -> None:
        """Add the lines of a value, after its label."""
        start = f"{self._indent * len(self._around)}{label}"
        kind = type(value)
        if id(value) in self._around:
            value, kind = Unprintable(f"<{kind.__name__} that contains itself>"), Unprintable
        is_config = hasattr(kind, SCHEMA)
        if is_config and depth == 0:
            value, is_config, kind = Collapsed(kind), False, Collapsed
        members = self._members(value, kind)
        if members is None:
            self.lines.append(f"{start}{self._leaf(value)}{end}")
            return
        brackets = "{}" if is_config or kind in DICTS else "[]"
        if not members:
            self.lines.append(f"{start}{brackets}{end}")
            return
        self.lines.append(f"{start}{brackets[0]}")
        self._around.append(id(value))
        below = depth if depth is None else depth - is_config
        last = len(members) - 1
        for index, (name, item) in enumerate(members):
            self.write(name, item, below, "" if index == last else ",")
        self._around.pop()
        self.lines.append(f"{self._indent * len(self._around)}{brackets[1]}{end}")

    def _members(self, value: Any, kind: type) -> list[tuple[str, Any]] | None:
        """Return the members of a value with their labels; None for a leaf."""
        if hasattr(kind, SCHEMA):
            entries = self._entries.get(kind)
            if entries is None:
                entries = self._entries[kind] = Entries(kind, class_vars=False)
            values = zip(entries.names, entries.values(value), strict=True)
            return [(f'"{name}": ', item) for name, item in values]
        if kind in BRACKETS:
            return [("", item) for item in value]
        if kind in SETS:
            return [("", item) for item in ordered([*value], self._formatter)]
        return self._items(value) if kind in DICTS else None

    def _items(self, value: dict[Any, Any]) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = []
        taken = {key for key in value if isinstance(key, str)}
        for key, item in value.items():
            name = key if isinstance(key, str) else one_line(key, self._formatter)
            while not isinstance(key, str) and name in taken:
                # `1` and `"1"` are two keys; JSON must not lose one.
                name = f"{name} ({type(key).__name__})"
            taken.add(name)
            found.append((f"{dumps(name)}: ", item))
        return found

    def _leaf(self, value: Any) -> str:
        """Return the JSON of a value that has no members."""
        kind = type(value)
        if value is None or kind is bool or kind is str:
            return dumps(value)
        if kind is int:
            try:
                return repr(value)
            except ValueError:  # more digits than Python writes
                pass
        if kind is float:
            text = repr(value)
            return dumps(text) if text[-1] in "nf" else text
        if kind.__module__.startswith("pathlib"):
            return dumps(str(value))
        return dumps(one_line(value, self._formatter))
