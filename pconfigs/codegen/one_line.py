"""One line: values as code on a single line."""

from __future__ import annotations

from pconfigs.codegen.config_body import Entries, Environment
from pconfigs.codegen.expressions import as_comment, to_node
from pconfigs.codegen.imports import ImportNames
from pconfigs.codegen.literals import SCALARS
from pconfigs.codegen.nodes import Group, Operators, ReprCode, Unprintable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    from pconfigs.codegen.nodes import Node

    class Formatter(Protocol):
        """Lays out code of other libraries.

        Attributes:
            kept: One line of code for members of sets, by id, along with the member.
        """

        kept: dict[int, tuple[object, str]]

        def flat(self, text: str) -> str | None:
            """Return `text` in black's manner, on one line if possible; None if it is not code."""

        def spread(self, indent: str, before: str, text: str, after: str) -> str | None:
            """Return `text` in black's manner, over several lines."""


SCHEMA = "__pconfig_schema__"
UNLIMITED = 1 << 62
# Python itself refuses brackets more than 200 deep.
DEEPEST = 100


class Flat:
    """Writes values on one line.

    Args:
        names: How classes are called.
        formatter: Lays out foreign code.
        whole: Whether configs and values without code may be on the line too.
    """

    def __init__(self, names: ImportNames, formatter: Formatter, whole: bool = False) -> None:
        self._names = names
        self._formatter = formatter
        self._whole = whole
        self._entries: dict[type, Entries] = {}
        self.around: list[int] = []
        self.comments: list[str] = []

    def code(self, value: Any, room: int) -> str | None:
        """Return the code of a value; None if it takes more than `room` characters or one line.

        Gives up as soon as the room is used up: trying costs no more than what fits on a line.
        """
        kind = type(value)
        scalar = SCALARS.get(kind)
        if scalar is not None:
            if (kind is str or kind is bytes) and len(value) > room:
                return None
            text = scalar(value)
            if text is not None:
                return text if len(text) <= room else None
        if kind is Environment or (hasattr(kind, SCHEMA) and not self._whole):
            return None
        if id(value) in self.around or len(self.around) == DEEPEST:
            how = (
                "that contains itself"
                if id(value) in self.around
                else "that is too deep for one line"
            )
            return self.of(Unprintable(f"<{kind.__name__} {how}>"), room)
        self.around.append(id(value))
        try:
            return (
                self._config(value, room)
                if hasattr(kind, SCHEMA)
                else self.of(to_node(value, self._names), room)
            )
        finally:
            self.around.pop()

    def of(self, node: Node, room: int) -> str | None:
        """Return the code of what was node already."""
        if isinstance(node, Group):
            return self._shape(node, room)
        if isinstance(node, ReprCode):
            node = self.foreign(node)
        if isinstance(node, Unprintable):
            if not self._whole:
                return None
            self.comments.append(node.comment)
            return "..."
        text = " ".join(node.operands) if isinstance(node, Operators) else node
        return text if len(text) <= room and "\n" not in text else None

    def foreign(self, node: ReprCode) -> str | Unprintable:
        """Return the code that a value's own repr is, if it is code."""
        text = self._formatter.flat(node.text)
        return Unprintable(as_comment(node.text, node.type_name)) if text is None else text

    def _shape(self, shape: Group, room: int) -> str | None:
        settle(shape, self._formatter, self.around)
        room -= len(shape.open) + len(shape.close) - 2
        if 3 * len(shape.entries) > room + 1:
            return None
        # black puts a tuple of one on one line whatever its comma, so nothing else is stable.
        alone = shape.kind == "tuple" and len(shape.entries) == 1
        parts: list[str] = []
        for before, value in shape.entries:
            if shape.kind == "dict":
                key = self.code(before, room)
                if key is None:
                    return None
                before = f"{key}: "
            text = self.code(value, room - len(before))
            if text is None and alone:
                text = self.empty_config(value)
            if text is None:
                return None
            parts.append(f"{before}{text}")
            room -= len(parts[-1]) + 2
            if room < 0:
                return None
        comma = "," if alone else ""
        return f"{shape.open}{', '.join(parts)}{comma}{shape.close}"

    def empty_config(self, value: Any) -> str | None:
        """Return `Name()` for a config that has nothing to print; None for anything else."""
        cls = type(value)
        empty = hasattr(cls, SCHEMA) and not Entries(cls).names
        return f"{self._names.of_class(cls) or '...'}()" if empty else None

    def codeless_alone(self, shape: Group) -> tuple[str, str] | None:
        """Return `(...,)` and its comment, where a tuple of one holds a value without code."""
        for depth in range(1, DEEPEST):
            if shape.kind != "tuple" or len(shape.entries) != 1:
                return None
            value = shape.entries[0][1]
            if type(value) in SCALARS or hasattr(type(value), SCHEMA):
                return None
            node = to_node(value, self._names)
            if isinstance(node, ReprCode):
                node = self.foreign(node)
            if isinstance(node, Unprintable):
                return f"{'(' * depth}...{',)' * depth}", node.comment
            if not isinstance(node, Group):
                return None
            shape = node
        return None

    def _config(self, config: Any, room: int) -> str | None:
        cls = type(config)
        entries = self._entries.get(cls)
        if entries is None:
            entries = self._entries[cls] = Entries(cls, class_vars=False, by_name=True)
        name = self._names.of_class(cls) or "..."
        pairs = [(before, value) for before, value, _ in entries.of(config)]
        return self._shape(Group(f"{name}(", pairs), room)


def one_line(value: Any, formatter: Formatter, around: list[int] | None = None) -> str:
    """Return the code of any value on one line, with a comment if code cannot express it."""
    flat = Flat(ImportNames(rename=False), formatter, whole=True)
    flat.around = around or []
    code = flat.code(value, UNLIMITED)
    return f"{code}{''.join(dict.fromkeys(flat.comments))}"


def settle(shape: Group, formatter: Formatter, around: list[int] | None = None) -> None:
    """Put the entries of a set in an order that does not depend on hashes."""
    if shape.kind == "set":
        members = [member for _, member in shape.entries]
        shape.entries = [("", member) for member in _ordered(members, formatter, around)]
        shape.kind = "list"


def _ordered(members: list[Any], formatter: Formatter, around: list[int] | None) -> list[Any]:
    types = set(map(type, members))
    if len(members) == 1 or (len(types) == 1 and types <= {int, str, bytes}):
        return sorted(members) if len(members) > 1 else members
    # Kept, because sets inside of sets are put in order many times.
    kept = formatter.kept
    for member in members:
        if id(member) not in kept:
            kept[id(member)] = (member, one_line(member, formatter, around))
    return sorted(members, key=lambda member: _order(member, kept[id(member)][1]))


def _order(member: Any, code: str) -> tuple[str, float, str]:
    kind = type(member)
    if kind in (int, float, bool) and member == member and abs(member) < 1e300:
        return ("", float(member), code)
    return (f"{kind.__module__}.{kind.__qualname__}", 0.0, code)
