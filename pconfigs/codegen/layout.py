"""Layout: where printed code breaks, as black would break it at 88 columns.

A config has one entry on each line. Anything else stays on one line while that fits, comment
included, and has one entry on each line if it does not. All brackets that are spread end in a
comma, which makes black keep them spread.
"""

from __future__ import annotations

from pconfigs.codegen.config_body import COMMA, Entries, Environment
from pconfigs.codegen.expressions import class_text, to_node
from pconfigs.codegen.literals import SCALARS, joined_codes
from pconfigs.codegen.nodes import NODE_MAKERS, Group, Operators, ReprCode, Unprintable
from pconfigs.codegen.one_line import SCHEMA, Flat, settle
from pconfigs.codegen.width import INDENT, WIDTH, fits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, TypeAlias

    from pconfigs.codegen.imports import ImportNames
    from pconfigs.codegen.nodes import Node
    from pconfigs.codegen.one_line import Formatter

    # What precedes a value, the value, and what follows it: a comma, perhaps with a comment.
    Entry: TypeAlias = tuple[str, Any, str]

BRACKETS = {cls: "[]" if make is NODE_MAKERS[list] else "()" for cls, make in NODE_MAKERS.items()
            if make in (NODE_MAKERS[list], NODE_MAKERS[tuple])}  # fmt: skip


class Layout:
    """Lays out values.

    Args:
        names: How classes are called; learns what has to be imported.
        formatter: Lays out foreign code.
        depth: How many levels of configs are shown; deeper ones are `Name(...)`.
        max_items: How many items are shown of lists, tuples, sets and dicts that take several
            lines; a line `...,  # and 97 more` follows them.
    """

    def __init__(
        self,
        names: ImportNames,
        formatter: Formatter,
        depth: int | None = None,
        max_items: int | None = None,
    ) -> None:
        self._names = names
        self._formatter = formatter
        self._depth = depth
        self._max_items = max_items
        self._flat = Flat(names, formatter)
        self._entries: dict[type, tuple[str, Entries]] = {}
        self._open: set[int] = set()
        self._lines: list[str] = []

    def of(self, value: Any, before: str = "") -> str:
        """Return the text of a value after `before`, without a line break at its end."""
        self._lines = []
        self._write("", before, value, "", self._depth)
        return "\n".join(self._lines)

    def _write(
        self,
        indent: str,
        before: str,
        value: Any,
        after: str,
        depth: int | None,
        spread: bool = False,
    ) -> None:
        """Add the lines of a value; with `spread`, those of brackets that break."""
        kind = type(value)
        scalar = SCALARS.get(kind)
        text = scalar(value) if scalar is not None else None
        if text is not None:
            self._lines.append(f"{indent}{before}{text}{after}")
        elif id(value) in self._open:
            loop = Unprintable(f"<{kind.__name__} that contains itself>")
            self._lines.append(self._undivided(indent, before, loop, after))
        elif hasattr(kind, SCHEMA):
            self._write_config(indent, before, value, after, depth)
        elif kind is Environment:
            opening = f"{before}{class_text(value.cls, self._names)}("
            entries = [(name, text, COMMA) for name, text in value.entries()]
            self._write_call(indent, opening, entries, after, value, depth)
        elif spread or not self._write_scalars(indent, before, value, after):
            node = to_node(value, self._names)
            if isinstance(node, Group):
                self._write_group(indent, before, node, after, value, depth, spread)
            else:
                self._lines.append(self._undivided(indent, before, node, after))

    def _write_scalars(self, indent: str, before: str, value: Any, after: str) -> bool:
        """Add the lines of a long list of scalars at once: most values of a config may be in it."""
        brackets = BRACKETS.get(type(value))
        if brackets is None or 3 * len(value) <= WIDTH or self._max_items is not None:
            return False
        text = joined_codes(value, f",\n{indent}{INDENT}")
        if text is None:
            return False
        self._lines += (
            f"{indent}{before}{brackets[0]}",
            f"{indent}{INDENT}{text},",
            f"{indent}{brackets[1]}{after}",
        )
        return True

    def _write_config(
        self, indent: str, before: str, config: Any, after: str, depth: int | None
    ) -> None:
        cls = type(config)
        known = self._entries.get(cls)
        if known is None:
            name = self._names.of_class(cls)
            if name is None:
                nameless = Unprintable(f"<config of class {cls.__qualname__!r}>")
                self._lines.append(self._undivided(indent, before, nameless, after))
                return
            known = self._entries[cls] = (name, Entries(cls, by_name=True))
        name, entries = known
        if depth == 0:
            self._lines.append(f"{indent}{before}{name}(...){after}")
            return
        body = entries.body(f"{indent}{INDENT}", config, self._names)
        if body is not None:
            self._lines.append(f"{indent}{before}{name}({after[1:]}\n{body}\n{indent}){after[:1]}")
            return
        below = None if depth is None else depth - 1
        self._write_call(indent, f"{before}{name}(", [*entries.of(config)], after, config, below)

    def _write_call(
        self,
        indent: str,
        opening: str,
        entries: list[Entry],
        after: str,
        value: Any,
        depth: int | None,
    ) -> None:
        """Add a call with one entry on each line, the comment after the opening bracket."""
        if not entries:
            self._lines.append(f"{indent}{opening}){after}")
            return
        self._lines.append(f"{indent}{opening}{after[1:]}")
        self._write_entries(indent, entries, value, depth)
        self._lines.append(f"{indent}){after[:1]}")

    def _write_entries(
        self, indent: str, entries: Iterable[Entry], value: Any, depth: int | None
    ) -> None:
        self._open.add(id(value))
        for before, item, after in entries:
            self._write(f"{indent}{INDENT}", before, item, after, depth)
        self._open.discard(id(value))

    def _write_group(
        self,
        indent: str,
        before: str,
        group: Group,
        after: str,
        value: Any,
        depth: int | None,
        spread: bool,
    ) -> None:
        settle(group, self._formatter)
        line = self._line_of(indent, before, group, after, spread)
        if line is not None:
            self._lines.append(line)
            return
        self._lines.append(f"{indent}{before}{group.open}")
        more = 0
        if self._max_items is not None and group.kind != "call":
            more = max(0, len(group.entries) - self._max_items)
            group.entries = group.entries[: self._max_items]
        entries: Iterable[Entry] = ((before, item, COMMA) for before, item in group.entries)
        if group.kind == "dict":
            entries = self._dict_entries(f"{indent}{INDENT}", group, depth)
        self._write_entries(indent, entries, value, depth)
        if more:
            key = "...: " if group.kind == "dict" else ""
            self._lines.append(f"{indent}{INDENT}{key}...,  # and {more:,} more")
        self._lines.append(f"{indent}{group.close}{after}")

    def _line_of(
        self, indent: str, before: str, group: Group, after: str, spread: bool
    ) -> str | None:
        """Return a group on one line; None if it does not fit on one."""
        if not group.entries:
            return f"{indent}{before}{group.open}{group.close}{after}"
        text = None if spread else self._flat.of(group, WIDTH)
        line = f"{indent}{before}{text}{after}"
        if text is not None and fits(line):
            return line
        # After a key that is spread, everything is.
        alone = self._flat.codeless_alone(group) if "\n" not in before else None
        if alone is None:
            return None
        line = f"{indent}{before}{alone[0]}{after[:1]}{alone[1]}{after[1:]}"
        return line if fits(line) else None

    def _dict_entries(self, indent: str, group: Group, depth: int | None) -> Iterator[Entry]:
        for key, item in group.entries:
            scalar = SCALARS.get(type(key))
            node: Node | None = scalar(key) if scalar is not None else None
            if node is None:
                is_config = hasattr(type(key), SCHEMA)
                node = Group("", []) if is_config else to_node(key, self._names)
            if isinstance(node, ReprCode):
                node = self._flat.foreign(node)
            if isinstance(node, Unprintable):
                yield "...: ", item, f"{COMMA}{node.comment}"
            else:
                text = node if isinstance(node, str) else self._key(indent, key, node, item, depth)
                yield f"{text}: ", item, COMMA

    def _key(
        self, indent: str, key: Any, node: Group | Operators, item: Any, depth: int | None
    ) -> str:
        """Return a key with brackets or operators: on one line like the entry, or else spread."""
        text = self._flat.code(key, WIDTH)
        value = self._flat.code(item, WIDTH) or self._flat.empty_config(item)
        if text is not None and value is not None and fits(f"{indent}{text}: {value},"):
            return text
        if isinstance(node, Operators):
            return f"\n{indent}".join(node.operands)
        if text is not None and node.kind == "tuple" and len(node.entries) == 1:
            # Its comma does not make black spread it: the value is spread first.
            opening = self._opening(item)
            if opening is not None and fits(f"{indent}{text}: {opening}"):
                return text
        around, self._lines = self._lines, []
        self._write(indent, "", key, "", depth, spread=True)
        lines, self._lines = self._lines, around
        return "\n".join(lines).removeprefix(indent)

    def _opening(self, value: Any) -> str | None:
        """Return the first line of a value that is spread; None if it cannot be."""
        if hasattr(type(value), SCHEMA):
            name = self._names.of_class(type(value))
            return None if self._flat.empty_config(value) else f"{name}(" if name else "...,"
        if type(value) in SCALARS:
            return None
        node = to_node(value, self._names)
        if isinstance(node, Group):
            return node.open if node.entries else None
        if isinstance(node, Operators):
            return node.operands[0]
        if isinstance(node, ReprCode):
            node = self._flat.foreign(node)
        # black counts the comment, too.
        return f"...,{node.comment}" if isinstance(node, Unprintable) else None

    def _undivided(
        self, indent: str, before: str, node: str | Operators | ReprCode | Unprintable, after: str
    ) -> str:
        """Return the text of a node without entries."""
        if isinstance(node, Operators):
            return _operators(indent, before, node.operands, after)
        text = self._flat.foreign(node) if isinstance(node, ReprCode) else node
        if isinstance(text, Unprintable):
            return f"{indent}{before}...{after}{text.comment}"
        line = f"{indent}{before}{text}{after}"
        if isinstance(node, ReprCode) and ("\n" in f"{before}{text}" or not fits(line)):
            return self._formatter.spread(indent, before, text, after) or line
        return line


def _operators(indent: str, before: str, operands: list[str], after: str) -> str:
    line = f"{indent}{before}{' '.join(operands)}{after}"
    # Outside of brackets nothing may break; after a key that is spread everything must.
    if not after or ("\n" not in before and fits(line)):
        return line
    return f"{indent}{before}" + f"\n{indent}".join(operands) + after
