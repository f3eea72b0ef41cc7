"""Flat: values as code on a single line."""

from __future__ import annotations

from pconfigs.text.entries import Entries, Environment
from pconfigs.text.names import Names
from pconfigs.text.objects import describe, told
from pconfigs.text.scalars import SCALARS
from pconfigs.text.shapes import Codeless, Foreign, Operators, Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Protocol

    from pconfigs.text.shapes import Described

    class Formatter(Protocol):
        """Lays out code that somebody else wrote."""

        def flat(self, text: str) -> str | None:
            """`text` in black's manner, on one line if that can be; None if it is no code."""

        def spread(self, indent: str, before: str, text: str, after: str) -> str | None:
            """`text` in black's manner, over several lines."""


SCHEMA = "__pconfig_schema__"
UNLIMITED = 1 << 62


class Flat:
    """Writes values on one line.

    Args:
        names: How classes are called.
        formatter: Lays out foreign code.
        whole: Whether configs and values without code may stand on the line too.
    """

    def __init__(self, names: Names, formatter: Formatter, whole: bool = False) -> None:
        self._names = names
        self._formatter = formatter
        self._whole = whole
        self._entries: dict[type, Entries] = {}
        self.comments: list[str] = []

    def code(self, value: Any, room: int) -> str | None:
        """The code of a value, or None if it takes more than `room` characters or a line of its own.

        Gives up as soon as the room is used up, so that trying costs no more than what fits on a line.
        """
        kind = type(value)
        scalar = SCALARS.get(kind)
        if scalar is not None:
            if (kind is str or kind is bytes) and len(value) > room:
                return None
            text = scalar(value)
            if text is not None:
                return text if len(text) <= room else None
        if hasattr(kind, SCHEMA):
            return self._config(value, room) if self._whole else None
        if kind is Environment:
            return None
        return self.of(describe(value, self._names), room)

    def of(self, described: Described, room: int) -> str | None:
        """The code of what was described already."""
        if isinstance(described, Shape):
            return self._shape(described, room)
        if isinstance(described, Foreign):
            described = self.foreign(described)
        if isinstance(described, Codeless):
            if not self._whole:
                return None
            self.comments.append(described.comment)
            return "..."
        text = " ".join(described.operands) if isinstance(described, Operators) else described
        return text if len(text) <= room and "\n" not in text else None

    def foreign(self, described: Foreign) -> str | Codeless:
        """The code that a value's own repr is, if it is code."""
        text = self._formatter.flat(described.text)
        return Codeless(told(described.text, described.type_name)) if text is None else text

    def _shape(self, shape: Shape, room: int) -> str | None:
        settle(shape, self._formatter)
        room -= len(shape.open) + len(shape.close) - 2
        if 3 * len(shape.entries) > room + 1:
            return None
        # black puts a tuple of one on one line whatever its comma says, so nothing else is stable.
        alone = shape.kind == "tuple" and len(shape.entries) == 1
        parts: list[str] = []
        for before, value in shape.entries:
            if shape.kind == "dict":
                key = self.code(before, room)
                if key is None:
                    return None
                before = f"{key}: "
            text = self.code(value, room - len(before))
            if text is None and alone and hasattr(type(value), SCHEMA) and not Entries(type(value)).names:
                text = self._config(value, room)
            if text is None:
                return None
            parts.append(f"{before}{text}")
            room -= len(parts[-1]) + 2
            if room < 0:
                return None
        comma = "," if alone else ""
        return f"{shape.open}{', '.join(parts)}{comma}{shape.close}"

    def _config(self, config: Any, room: int) -> str | None:
        cls = type(config)
        entries = self._entries.get(cls)
        if entries is None:
            entries = self._entries[cls] = Entries(cls, class_vars=False)
        name = self._names.of_class(cls) or "..."
        pairs = [(before, value) for before, value, _ in entries.of(config)]
        return self._shape(Shape(f"{name}(", pairs), room)


def one_line(value: Any, formatter: Formatter) -> str:
    """The code of any value on one line, with a comment behind it where code cannot tell all."""
    flat = Flat(Names(rename=False), formatter, whole=True)
    try:
        code = flat.code(value, UNLIMITED)
    except RecursionError:
        return f"...{Codeless(f'<{type(value).__name__} that contains itself or is too deep>').comment}"
    return f"{code}{''.join(dict.fromkeys(flat.comments))}"


def settle(shape: Shape, formatter: Formatter) -> None:
    """Put the entries of a set in an order that does not depend on hashes."""
    if shape.kind == "set":
        shape.entries = [("", member) for member in _ordered((m for _, m in shape.entries), formatter)]
        shape.kind = "list"


def _ordered(values: Iterable[Any], formatter: Formatter) -> list[Any]:
    members = list(values)
    types = set(map(type, members))
    if len(types) == 1 and types <= {int, str, bytes}:
        return sorted(members)
    return sorted(members, key=lambda member: _order(member, one_line(member, formatter)))


def _order(member: Any, code: str) -> tuple[str, float, str]:
    kind = type(member)
    if kind in (int, float, bool) and member == member and abs(member) < 1e300:
        return ("", float(member), code)
    return (f"{kind.__module__}.{kind.__qualname__}", 0.0, code)
