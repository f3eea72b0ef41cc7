"""Documents: values as code in full, before it is decided where lines break.

A document is one of

    str           never divided: a scalar, a name
    ScalarConfig  the lines of a config that holds scalars alone
    Brackets      entries in brackets: on one line, or one entry on each
    Operators     operands that break before their operators
    ReprCode      code of another library, as black has it
    Unprintable   `...` and a comment
"""

from __future__ import annotations

from pconfigs.codegen.config_body import COMMA, Entries
from pconfigs.codegen.expressions import as_comment, to_node
from pconfigs.codegen.imports import ImportNames
from pconfigs.codegen.literals import SCALARS, item_codes, joined_codes
from pconfigs.codegen.nodes import NODE_MAKERS, Group, Notation, Operators, ReprCode, Unprintable
from pconfigs.codegen.width import WIDTH
from pconfigs.schema.class_schema import SCHEMA

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any, TypeAlias

    from pconfigs.codegen.foreign_code import ForeignCode

Document: TypeAlias = "str | Brackets | Operators | ReprCode | Unprintable"

UNLIMITED = 1 << 62
# Python itself refuses brackets more than 200 deep.
DEEPEST = 100
BRACKETS = {cls: "[]" if make is NODE_MAKERS[list] else "()" for cls, make in NODE_MAKERS.items()
            if make in (NODE_MAKERS[list], NODE_MAKERS[tuple])}  # fmt: skip
DICTS = frozenset(cls for cls, make in NODE_MAKERS.items() if make is NODE_MAKERS[dict])

# The entries of a config that is not shown.
LEFT_OUT: list[tuple[Any, Document, str]] = [("", "...", "")]


class ScalarConfig(str):
    """The lines of a config that holds scalars alone, made at once.

    Most values of a tree are in such configs: a string costs the garbage collector nothing.
    """

    __slots__ = ()


class Brackets:
    """`open`, entries, `close`.

    Attributes:
        entries: What precedes each value (in a dict, the document of its key), the document of the
            value, and what follows it: a comma, perhaps with a comment.
        kind: That of the group; "config" for a config, which has one entry on each line.
        flat: The text on one line; None if it is too long, or has to be divided.
        most: How many entries are shown where they are divided; None for all.
        count: How many there are.
        lines: Of a list of scalars, the lines in place of the entries.
    """

    __slots__ = ("close", "count", "entries", "flat", "kind", "lines", "most", "open")

    def __init__(
        self,
        open: str,
        entries: list[tuple[Any, Document, str]],
        close: str,
        kind: str,
    ) -> None:
        self.open, self.entries, self.close, self.kind = open, entries, close, kind
        self.flat: str | None = None
        self.most: int | None = None
        self.count = len(entries)
        self.lines: str | None = None

    @property
    def bare(self) -> str | None:
        """The text where there are no entries, or these are left out."""
        if self.entries is LEFT_OUT:
            return f"{self.open}...{self.close}"
        return None if self.count else f"{self.open}{self.close}"

    @property
    def only(self) -> Document | None:
        """The item of a tuple of one."""
        is_alone = self.kind == "tuple" and self.count == 1
        return self.entries[0][1] if is_alone else None


class Documents:
    """Makes documents.

    Args:
        names: How classes are called; learns what has to be imported.
        formatter: Lays out foreign code.
        max_items: How many items are shown of what takes several lines.
        whole: Whether all is to be on one line, values without code as `...`.

    Attributes:
        around: Ids of the values that a value is in.
        comments: Of the values that are `...` on the line.
    """

    def __init__(
        self,
        names: ImportNames,
        formatter: ForeignCode,
        max_items: int | None = None,
        whole: bool = False,
    ) -> None:
        self._names = names
        self._formatter = formatter
        self._most = UNLIMITED if max_items is None else max_items
        self._whole = whole
        self._room = UNLIMITED if whole else WIDTH
        self._entries: dict[type, tuple[str, Entries]] = {}
        self.around: set[int] = set()
        self.comments: list[str] = []

    def of(self, value: Any, depth: int | None = None) -> Document:
        """Return the document of a value; below `depth` levels, configs are `Name(...)`."""
        kind = type(value)
        scalar = SCALARS.get(kind)
        text = scalar(value) if scalar is not None else None
        if text is not None:
            return text
        if id(value) in self.around:
            return self._unprintable(Unprintable(f"<{kind.__name__} that contains itself>"))
        if self._whole and len(self.around) == DEEPEST:
            deep = f"<{kind.__name__} that is too deep for one line>"
            return self._unprintable(Unprintable(deep))
        if hasattr(kind, SCHEMA):
            return self._config(value, depth)
        brackets = "{}" if kind in DICTS else BRACKETS.get(kind)
        if brackets is not None and 1 < len(value) <= self._most:
            found = self._scalars(value, brackets)
            if found is not None:
                return found
        names = self._names
        node = value.node(names) if isinstance(value, Notation) else to_node(value, names)
        if isinstance(node, Group):
            return self._group(value, node, depth)
        if isinstance(node, ReprCode):
            code = self._formatter.flat(node.text)
            if code is None or (self._whole and "\n" in code):
                node = Unprintable(as_comment(node.text, node.type_name))
            else:
                node = ReprCode(code, node.type_name)
        return self._unprintable(node) if isinstance(node, Unprintable) else node

    def _scalars(self, value: Any, brackets: str) -> Brackets | None:
        """Return a list, tuple or dict of scalars; None if there are others in it."""
        codes = item_codes(value) if brackets == "{}" else joined_codes(value, ",\n")
        if codes is None:
            return None
        found = Brackets(brackets[0], [], brackets[1], "list")
        found.count, found.lines = len(value), f"{codes},"
        if 3 * found.count <= self._room:
            # No code of a scalar has a line break in it.
            inside = codes.replace("\n", " ")
            flat = f"{found.open}{inside}{found.close}"
            found.flat = flat if len(flat) <= self._room else None
        return found

    def _unprintable(self, node: Unprintable) -> Document:
        if not self._whole:
            return node
        self.comments.append(node.comment)
        return "..."

    def _config(self, config: Any, depth: int | None) -> Document:
        cls = type(config)
        known = self._entries.get(cls)
        if known is None:
            name = self._names.of_class(cls)
            if name is None and not self._whole:
                return Unprintable(f"<config of class {cls.__qualname__!r}>")
            entries = Entries(cls, class_vars=not self._whole, by_name=True)
            known = self._entries[cls] = (f"{name or '...'}(", entries)
        opening, entries = known
        if depth == 0:
            return Brackets(opening, LEFT_OUT, ")", "config")
        text = None if self._whole else entries.scalars(config, self._names, opening)
        if text is not None:
            return ScalarConfig(text)
        below = None if depth is None else depth - 1
        self.around.add(id(config))
        made = [(before, self.of(item, below), after) for before, item, after in entries.of(config)]
        self.around.discard(id(config))
        found = Brackets(opening, made, ")", "config")
        if self._whole:
            found.flat = self._joined(found)
        return found

    def _group(self, value: Any, group: Group, depth: int | None) -> Brackets:
        members, kind = group.entries, group.kind
        if kind == "set":
            items = ordered([item for _, item in members], self._formatter, self.around)
            members, kind = [("", item) for item in items], "list"
        shown, most = members, None
        # black puts a tuple of one on one line, also where its item is left out.
        alone = kind == "tuple" and len(members) == 1
        if len(members) > self._most and kind not in ("call", "config") and not alone:
            most = self._most
            if not self._fits(value, len(members)):
                # The others are not shown: what they name is not to be imported.
                shown = members[:most]
        self.around.add(id(value))
        if kind == "dict":
            entries = [(self.of(key, depth), self.of(item, depth), COMMA) for key, item in shown]
        else:
            entries = [(before, self.of(item, depth), COMMA) for before, item in shown]
        self.around.discard(id(value))
        found = Brackets(group.open, entries, group.close, kind)
        found.most, found.count = most, len(members)
        if shown is members and kind != "config":
            found.flat = self._joined(found)
        return found

    def _fits(self, value: Any, count: int) -> bool:
        """Return whether a container fits on one line."""
        if 3 * count > self._room:
            return False
        trial = Documents(ImportNames(rename=False), self._formatter)
        trial.around.update(self.around)
        return flat_text(trial.of(value)) is not None

    def _joined(self, brackets: Brackets) -> str | None:
        """Return brackets on one line; None if that is too long, or something has to be divided."""
        room = self._room - len(brackets.open) - len(brackets.close) + 2
        if 3 * brackets.count > room + 1:
            return None
        # black puts a tuple of one on one line whatever its comma, so nothing else is stable.
        alone, is_dict = brackets.only, brackets.kind == "dict"
        parts: list[str] = []
        for before, item, _ in brackets.entries:
            text = item if type(item) is str else flat_text(item)
            if text is None and isinstance(alone, Brackets):
                text = alone.bare
            if text is None:
                return None
            if is_dict:
                key = before if type(before) is str else flat_text(before)
                if key is None:
                    return None
                text = f"{key}: {text}"
            elif before:
                text = f"{before}{text}"
            parts.append(text)
            room -= len(text) + 2
            if room < 0:
                return None
        comma = "" if alone is None else ","
        joined = f"{brackets.open}{', '.join(parts)}{comma}{brackets.close}"
        return None if "\n" in joined else joined


def flat_text(document: Document) -> str | None:
    """Return a document on one line; None if it has to be divided, or has no code."""
    if isinstance(document, Brackets):
        return document.flat
    if isinstance(document, Unprintable):
        return None
    if isinstance(document, Operators):
        return " ".join(document.operands)
    text = document if isinstance(document, str) else document.text
    return None if "\n" in text else text


def one_line(value: Any, formatter: ForeignCode, around: Collection[int] = ()) -> str:
    """Return the code of any value on one line, with a comment if code cannot express it."""
    made = Documents(ImportNames(rename=False), formatter, whole=True)
    made.around.update(around)
    code = flat_text(made.of(value))
    return f"{code}{''.join(dict.fromkeys(made.comments))}"


def ordered(members: list[Any], formatter: ForeignCode, around: Collection[int] = ()) -> list[Any]:
    """Return the members of a set in an order that does not depend on hashes."""
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
