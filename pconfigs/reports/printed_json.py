"""Printed JSON: the values of a config, for other programs to read; nothing reads it back.

Configs and dicts are objects, lists and tuples arrays, numbers and texts themselves; sets are
sorted arrays; nan and infinity are `"nan"`, `"inf"` and `"-inf"`. What else JSON has no form for is
the text of its code: `"Color.red"`, `"range(0, 3)"`, `"Required"`.
"""

from __future__ import annotations

from json import dumps

from pconfigs.annotations.kinds import kind_of
from pconfigs.codegen.config_body import Entries
from pconfigs.codegen.nodes import SHAPES, Collapsed, Group, Unprintable
from pconfigs.codegen.one_line import SCHEMA, one_line, settle
from pconfigs.codegen.printer import ForeignCode
from pconfigs.codegen.width import INDENT
from pconfigs.reports.flat_listing import DICTS, LISTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

SETS = frozenset(cls for cls, d in SHAPES.items() if d in (SHAPES[set], SHAPES[frozenset]))


def to_json(value: Any, *, depth: int | None = None, indent: str = INDENT) -> str:
    """JSON text of a config or any other value, one member on each line, ending in a line break.

    Args:
        value: A config, or whatever else there is.
        depth: How many levels of configs are entered; deeper ones are the text `"Name(...)"`.
        indent: What each level is indented by.
    """
    lines: list[str] = []
    inside = Inside(depth)
    around: list[tuple[Iterator[tuple[str, Any]], str, Any]] = []
    ids: set[int] = set()
    members: Iterator[tuple[str, Any]] = iter([("", value)])
    while True:
        # A comma belongs to whatever another member follows.
        for label, item in members:
            start = f"{indent * len(around)}{label}"
            found = None if id(item) in ids else inside.of(item)
            if found is None:
                leaf = (
                    Unprintable(f"<{type(item).__name__} that contains itself>")
                    if id(item) in ids
                    else item
                )
                lines.append(f"{start}{inside.leaf(leaf)},")
            elif not found[0]:
                lines.append(f"{start}{found[1]},")
            else:
                lines.append(f"{start}{found[1][0]}")
                around.append((members, found[1][1], item))
                ids.add(id(item))
                members = iter(found[0])
                break
        else:
            lines[-1] = lines[-1].removesuffix(",")
            if not around:
                return "\n".join(lines) + "\n"
            members, closing, item = around.pop()
            ids.discard(id(item))
            inside.leave(item)
            lines.append(f"{indent * len(around)}{closing},")


class Inside:
    """What is inside values, as JSON knows it."""

    def __init__(self, depth: int | None) -> None:
        self._depth = depth
        self._level = 0
        self._formatter = ForeignCode()
        self._entries: dict[type, Entries] = {}

    def of(self, value: Any) -> tuple[list[tuple[str, Any]], str] | None:
        """The members of a value with their labels, and its brackets; None for a leaf."""
        kind = kind_of(value)
        if hasattr(kind, SCHEMA):
            return self._config(value)
        if kind in LISTS:
            return [("", item) for item in value], "[]"
        if kind in SETS:
            shape = Group("", [("", item) for item in value], kind="set")
            settle(shape, self._formatter)
            return shape.entries, "[]"
        if kind in DICTS:
            return self._dict(value), "{}"
        return None

    def leave(self, value: Any) -> None:
        """All inside `value` has been written."""
        self._level -= hasattr(kind_of(value), SCHEMA)

    def _config(self, config: Any) -> tuple[list[tuple[str, Any]], str] | None:
        if self._level == self._depth:
            return None
        cls = kind_of(config)
        entries = self._entries.get(cls)
        if entries is None:
            entries = self._entries[cls] = Entries(cls, class_vars=False)
        # An empty one is never left, because it is never entered.
        self._level += bool(entries.names)
        return [
            (f'"{name}": ', item)
            for name, item in zip(entries.names, entries.values(config), strict=True)
        ], "{}"

    def _dict(self, value: dict[Any, Any]) -> list[tuple[str, Any]]:
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

    def leaf(self, value: Any) -> str:
        """JSON text of a value that nothing is inside of."""
        kind = kind_of(value)
        if value is None or kind is bool or kind is str:
            return dumps(value)
        if kind is int:
            try:
                return repr(value)
            except ValueError:
                pass
        if kind is float:
            text = repr(value)
            return dumps(text) if text[-1] in "nf" else text
        if hasattr(kind, SCHEMA) and self._level == self._depth:
            value = Collapsed(kind)
        return dumps(one_line(value, self._formatter))
