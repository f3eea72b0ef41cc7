"""Lines: where printed code breaks, as black would break it at 88 columns.

A config has one entry on each line. Anything else stays on one line while that fits, comment
included, and has one entry on each line where it does not. All brackets that are spread end in a
comma, which makes black keep them.

There is no recursion, so that nesting is limited by memory alone.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import kind_of
from pconfigs.codegen.config_body import COMMA, Entries, Environment
from pconfigs.codegen.expressions import class_text, to_node
from pconfigs.codegen.literals import SCALARS, joined_codes, scalar_codes
from pconfigs.codegen.nodes import SHAPES, Group, Operators, ReprCode, Unprintable
from pconfigs.codegen.one_line import SCHEMA, Flat, settle
from pconfigs.codegen.width import INDENT, WIDTH, fits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeAlias

    from pconfigs.codegen.imports import ImportNames
    from pconfigs.codegen.one_line import Formatter

    # before, value, after
    Entry: TypeAlias = tuple[str, Any, str]
    # entries, indent of the brackets, closing line, value that is open, how many configs are around
    Frame: TypeAlias = tuple[Iterator[Entry], str, str, Any, int]

BRACKETS = {cls: "[]" if describer is SHAPES[list] else "()" for cls, describer in SHAPES.items()
            if describer in (SHAPES[list], SHAPES[tuple])}  # fmt: skip
DICTS = tuple(cls for cls, describer in SHAPES.items() if describer is SHAPES[dict])


class Lines:
    """Lays out one value.

    Args:
        names: How classes are called; learns what has to be imported.
        formatter: Lays out foreign code.
        depth: How many levels of configs are shown; deeper ones are `Name(...)`.
    """

    def __init__(self, names: ImportNames, formatter: Formatter, depth: int | None = None) -> None:
        self._names = names
        self._formatter = formatter
        self._depth = depth
        self._flat = Flat(names, formatter)
        self._entries: dict[type, tuple[str, Entries]] = {}
        self._open: set[int] = set()
        self._lines: list[str] = []
        self._may_be_flat = True

    def of(self, value: Any, indent: str = "", after: str = "", before: str = "") -> str:
        """Return the text of a value, without a line break at its end."""
        self._lines = []
        out, scalars = self._lines.append, SCALARS
        outer: list[Frame] = []
        frame: Frame = (iter([(before, value, after)]), indent, "", None, 0)
        inner = indent
        while True:
            for before, value, after in frame[0]:
                scalar = scalars.get(kind_of(value))
                if scalar is not None:
                    text = scalar(value)
                    if text is not None:
                        out(f"{inner}{before}{text}{after}")
                        continue
                opened = self._enter(inner, before, value, after, frame[4])
                if opened is not None:
                    outer.append(frame)
                    frame = opened
                    self._open.add(id(value))
                    inner = f"{inner}{INDENT}"
                    break
            else:
                if not outer:
                    return "\n".join(self._lines)
                out(frame[2])
                self._open.discard(id(frame[3]))
                inner = frame[1]
                frame = outer.pop()

    def _enter(self, indent: str, before: str, value: Any, after: str, level: int) -> Frame | None:
        """Write a value other than a scalar, or its opening line; return its contents."""
        kind = kind_of(value)
        if id(value) in self._open:
            loop = Unprintable(f"<{kind.__name__} that contains itself>")
            self._lines.append(self._undivided(indent, before, loop, after))
            return None
        if hasattr(kind, SCHEMA):
            return self._config(indent, before, value, after, level)
        if kind is Environment:
            name = class_text(value.cls, self._names)
            entries = [(before, text, COMMA) for before, text in value.entries()]
            return self._spread(
                indent, before, name, len(entries), iter(entries), after, value, level
            )
        if (
            (kind in BRACKETS or kind in DICTS)
            and value
            and self._may_be_flat
            and self._scalars(indent, before, value, after)
        ):
            return None
        described = to_node(value, self._names)
        if not isinstance(described, Group):
            self._lines.append(self._undivided(indent, before, described, after))
            return None
        return self._shape(indent, before, described, after, value, level)

    def _scalars(self, indent: str, before: str, value: Any, after: str) -> bool:
        """Write a container if all in it are scalars. Most leaves of a config are in such ones."""
        brackets = BRACKETS.get(kind_of(value), "{}")
        if 3 * len(value) > WIDTH and brackets != "{}":
            separator = f",\n{indent}{INDENT}"
            text = joined_codes(value, separator)
            if text is None:
                return False
            self._lines += (
                f"{indent}{before}{brackets[0]}",
                f"{separator[2:]}{text},",
                f"{indent}{brackets[1]}{after}",
            )
            return True
        codes = scalar_codes(value)
        if codes is not None and brackets == "{}":
            values = scalar_codes(value.values())
            codes = (
                None
                if values is None
                else [f"{key}: {item}" for key, item in zip(codes, values, strict=True)]
            )
        if codes is None:
            return False
        comma = "," if brackets == "()" and len(codes) == 1 else ""
        line = f"{indent}{before}{brackets[0]}{', '.join(codes)}{comma}{brackets[1]}{after}"
        if fits(line):
            self._lines.append(line)
            return True
        inner = f"{indent}{INDENT}"
        self._lines += [f"{indent}{before}{brackets[0]}", *(f"{inner}{code}," for code in codes)]
        self._lines.append(f"{indent}{brackets[1]}{after}")
        return True

    def _config(
        self, indent: str, before: str, config: Any, after: str, level: int
    ) -> Frame | None:
        cls = kind_of(config)
        known = self._entries.get(cls)
        if known is None:
            name = self._names.of_class(cls)
            if name is None:
                nameless = Unprintable(f"<config of class {cls.__qualname__!r}>")
                self._lines.append(self._undivided(indent, before, nameless, after))
                return None
            known = self._entries[cls] = (name, Entries(cls))
        name, entries = known
        if self._depth is not None and level >= self._depth:
            return self._shape(indent, before, Group(f"{name}(", [("", ...)]), after, config, level)
        body = entries.body(f"{indent}{INDENT}", config, self._names)
        if body is not None:
            self._lines.append(f"{indent}{before}{name}({after[1:]}\n{body}\n{indent}){after[:1]}")
            return None
        count = len(entries.names)
        return self._spread(
            indent, before, name, count, entries.of(config), after, config, level + 1
        )

    def _spread(
        self,
        indent: str,
        before: str,
        name: str,
        count: int,
        entries: Iterator[Entry],
        after: str,
        value: Any,
        level: int,
    ) -> Frame | None:
        """Write one entry on each line, the comment after the opening bracket."""
        if not count:
            self._lines.append(f"{indent}{before}{name}(){after}")
            return None
        self._lines.append(f"{indent}{before}{name}({after[1:]}")
        return (entries, indent, f"{indent}){after[:1]}", value, level)

    def _shape(
        self, indent: str, before: str, shape: Group, after: str, value: Any, level: int
    ) -> Frame | None:
        settle(shape, self._formatter)
        if not shape.entries:
            self._lines.append(f"{indent}{before}{shape.open}{shape.close}{after}")
            return None
        text = self._flat.of(shape, WIDTH) if self._may_be_flat else None
        self._may_be_flat = True
        if text is not None:
            line = f"{indent}{before}{text}{after}"
            if fits(line):
                self._lines.append(line)
                return None
        # After a key that is spread, everything is.
        alone = shape.kind == "tuple" and "\n" not in before
        told = self._flat.codeless_alone(shape) if alone else None
        if told is not None:
            line = f"{indent}{before}{told[0]}{after[:1]}{told[1]}{after[1:]}"
            if fits(line):
                self._lines.append(line)
                return None
        self._lines.append(f"{indent}{before}{shape.open}")
        if shape.kind == "dict":
            entries = self._dict_entries(f"{indent}{INDENT}", shape)
        else:
            entries = ((before, item, COMMA) for before, item in shape.entries)
        return (entries, indent, f"{indent}{shape.close}{after}", value, level)

    def _dict_entries(self, indent: str, shape: Group) -> Iterator[Entry]:
        for key, item in shape.entries:
            scalar = SCALARS.get(kind_of(key))
            text = scalar(key) if scalar is not None else None
            if text is not None:
                yield f"{text}: ", item, COMMA
                continue
            described = (
                Group("", []) if hasattr(kind_of(key), SCHEMA) else to_node(key, self._names)
            )
            if isinstance(described, ReprCode):
                described = self._flat.foreign(described)
            if isinstance(described, str):
                yield f"{described}: ", item, COMMA
            elif isinstance(described, Unprintable):
                yield "...: ", item, f"{COMMA}{described.comment}"
            else:
                yield f"{self._key(indent, key, described, item)}: ", item, COMMA

    def _key(self, indent: str, key: Any, described: Group | Operators, item: Any) -> str:
        """Return a key with brackets or operators: on one line like the entry, or else spread."""
        text = self._flat.code(key, WIDTH)
        value = self._flat.code(item, WIDTH) or self._flat.empty_config(item)
        if text is not None and value is not None and fits(f"{indent}{text}: {value},"):
            return f"{text}"
        if isinstance(described, Operators):
            return f"\n{indent}".join(described.operands)
        inside = Lines(self._names, self._formatter, self._depth)
        inside._may_be_flat = hasattr(kind_of(key), SCHEMA)
        return inside.of(key, indent).removeprefix(indent)

    def _undivided(
        self,
        indent: str,
        before: str,
        described: str | Operators | ReprCode | Unprintable,
        after: str,
    ) -> str:
        """Return the text of what has no entries."""
        if isinstance(described, Operators):
            return _operators(indent, before, described.operands, after)
        text = self._flat.foreign(described) if isinstance(described, ReprCode) else described
        if isinstance(text, Unprintable):
            return f"{indent}{before}...{after}{text.comment}"
        line = f"{indent}{before}{text}{after}"
        if isinstance(described, ReprCode) and ("\n" in f"{before}{text}" or not fits(line)):
            return self._formatter.spread(indent, before, text, after) or line
        return line


def _operators(indent: str, before: str, operands: list[str], after: str) -> str:
    line = f"{indent}{before}{' '.join(operands)}{after}"
    # Outside of brackets nothing may break; after a key that is spread everything must.
    if not after or ("\n" not in before and fits(line)):
        return line
    return f"{indent}{before}" + f"\n{indent}".join(operands) + after
