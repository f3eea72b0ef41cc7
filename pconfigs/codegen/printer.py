"""The printer: a config written down as Python.

    imports       what classes are called, and the import lines
    literals      plain values
    nodes, stdlib_values, expressions   one level of any other value
    config_body   what is printed of a config
    foreign_code  code of other libraries
    documents     values in full, and their text on one line

Here lines are broken as black would break them at 88 columns. A config has one entry on each line.
Anything else stays on one line while that fits, comment included, and has one entry on each line if
it does not. All brackets that are spread end in a comma, which makes black keep them spread.

black is loaded only for values whose own repr is code that another library laid out.
"""

from __future__ import annotations

from pconfigs.codegen.config_body import COMMA
from pconfigs.codegen.documents import LEFT_OUT, Brackets, Documents, ScalarConfig, flat_text
from pconfigs.codegen.foreign_code import ForeignCode
from pconfigs.codegen.imports import ImportNames
from pconfigs.codegen.nodes import Operators, ReprCode, Unprintable
from pconfigs.codegen.width import INDENT, WIDTH, fits
from pconfigs.schema.class_schema import SCHEMA

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.codegen.documents import Document

NOTE = """\
# NOTE: This code is not intended to run. It is for reading and looking up type definitions.
# If you want to run or inspect these objects, import the config from where it is defined.
"""


def to_listing(value: Any, *, depth: int | None = None, max_items: int | None = None) -> str:
    """Return the code of a config or any other value, preceded by the imports it needs and a note.

    Args:
        value: A config, or any other value.
        depth: How many levels of configs are shown; deeper ones are `Name(...)`.
        max_items: How many items of long lists and dicts are shown.
    """
    names = ImportNames()
    text = f"{_code(value, names, depth, max_items)}\n"
    imports = names.import_lines()
    if not imports:
        return text if not hasattr(type(value), SCHEMA) else f"{NOTE}\n{text}"
    lines = "\n".join(imports)
    return f"{lines}\n\n{NOTE}\n{text}"


def to_code(value: Any, *, depth: int | None = None, max_items: int | None = None) -> str:
    """Return the code of a config or any other value alone; classes go by their own names."""
    return _code(value, ImportNames(rename=False), depth, max_items)


def _code(value: Any, names: ImportNames, depth: int | None, max_items: int | None) -> str:
    text = laid_out(value, names, ForeignCode(), "", depth, max_items)
    if isinstance(value, str) and not _plain_docstring(value):
        # A string on its own is a docstring, in which black would tidy up.
        line = f"({text})"
        return line if fits(line) else f"(\n{INDENT}{text}\n)"
    return text


def _plain_docstring(value: str) -> bool:
    return value.isalnum() and value.isascii() and len(value) < WIDTH - 10


def laid_out(
    value: Any,
    names: ImportNames,
    formatter: ForeignCode,
    before: str = "",
    depth: int | None = None,
    max_items: int | None = None,
) -> str:
    """Return the code of a value after `before`, without a line break at its end.

    Args:
        value: The value.
        names: How classes are called; learns what has to be imported.
        formatter: Lays out foreign code.
        before: What precedes it on its line.
        depth: How many levels of configs are shown; deeper ones are `Name(...)`.
        max_items: How many items are shown of lists, tuples, sets and dicts that take several
            lines; a line `...,  # and 97 more` follows them.
    """
    layout = _Layout(formatter)
    layout.write("", before, Documents(names, formatter, max_items).of(value, depth), "")
    return "\n".join(layout.lines)


class _Layout:
    """The lines of one document."""

    def __init__(self, formatter: ForeignCode) -> None:
        self.lines: list[str] = []
        self._formatter = formatter

    def write(self, indent: str, before: str, document: Document, after: str) -> None:
        """Add the lines of a document, between what precedes and what follows it."""
        if isinstance(document, ScalarConfig):
            self._write_scalars(indent, before, document, after)
        elif isinstance(document, str):
            self.lines.append(f"{indent}{before}{document}{after}")
        elif isinstance(document, Brackets):
            self._write_brackets(indent, before, document, after)
        elif isinstance(document, Operators):
            self.lines.append(_operators(indent, before, document.operands, after))
        elif isinstance(document, ReprCode):
            line = f"{indent}{before}{document.text}{after}"
            if "\n" in f"{before}{document.text}" or not fits(line):
                line = self._formatter.spread(indent, before, document.text, after) or line
            self.lines.append(line)
        else:
            self.lines.append(f"{indent}{before}...{after}{document.comment}")

    def _write_scalars(self, indent: str, before: str, config: ScalarConfig, after: str) -> None:
        text = config.replace("\n", f"\n{indent}")
        if after[1:]:
            # A comment follows the opening bracket.
            opening, _, rest = text.partition("\n")
            text, after = f"{opening}{after[1:]}\n{rest}", after[:1]
        self.lines.append(f"{indent}{before}{text}{after}")

    def _write_brackets(self, indent: str, before: str, brackets: Brackets, after: str) -> None:
        line = _line_of(indent, before, brackets, after)
        if line is not None:
            self.lines.append(line)
        else:
            self._divide(indent, before, brackets, after)

    def _divide(self, indent: str, before: str, brackets: Brackets, after: str) -> None:
        """Add a line for each entry."""
        # The comment of a config follows its opening bracket.
        comment, after = (after[1:], after[:1]) if brackets.kind == "config" else ("", after)
        self.lines.append(f"{indent}{before}{brackets.open}{comment}")
        inner, is_dict = f"{indent}{INDENT}", brackets.kind == "dict"
        if brackets.lines is not None:
            lines = brackets.lines.replace("\n", f"\n{inner}")
            self.lines.append(f"{inner}{lines}")
        shown = brackets.entries[: brackets.most]
        for label, item, end in shown:
            if is_dict:
                label, end = self._label(inner, label, item)
            # Most are one of these two.
            if type(item) is str:
                self.lines.append(f"{inner}{label}{item}{end}")
            elif type(item) is ScalarConfig:
                self._write_scalars(inner, label, item, end)
            else:
                self.write(inner, label, item, end)
        more = brackets.count - len(shown)
        if more and brackets.lines is None:
            key = "...: " if is_dict else ""
            self.lines.append(f"{inner}{key}...,  # and {more:,} more")
        self.lines.append(f"{indent}{brackets.close}{after}")

    def _label(self, indent: str, key: Document, item: Document) -> tuple[str, str]:
        """Return what precedes an item of a dict, and what follows it."""
        if isinstance(key, Unprintable):
            return "...: ", f"{COMMA}{key.comment}"
        text = key if type(key) is str else self._key(indent, key, item)
        return f"{text}: ", COMMA

    def _key(self, indent: str, key: Document, item: Document) -> str:
        """Return the text of a key: on one line if its item begins there, too, or else divided."""
        if isinstance(key, ReprCode):
            return key.text
        text, value = _short(key), _short(item)
        if text is not None and value is not None and fits(f"{indent}{text}: {value},"):
            return text
        if isinstance(key, Operators):
            return f"\n{indent}".join(key.operands)
        if isinstance(key, Brackets):
            # Neither these nor the comma of a tuple of one make black spread the key: the value is
            # spread first.
            stays = key.only is not None or key.entries is LEFT_OUT
            opening = _opening(item) if text is not None and stays else None
            if opening is not None and fits(f"{indent}{text}: {opening}"):
                return str(text)
            key.flat = None
        around, self.lines = self.lines, []
        if isinstance(key, Brackets) and key.entries is LEFT_OUT:
            self._divide(indent, "", key, "")
        else:
            self.write(indent, "", key, "")
        lines, self.lines = self.lines, around
        return "\n".join(lines).removeprefix(indent)


def _short(document: Document) -> str | None:
    """Return a document on one line, a config without its entries as well."""
    bare = document.bare if isinstance(document, Brackets) else None
    return flat_text(document) if bare is None else bare


def _line_of(indent: str, before: str, brackets: Brackets, after: str) -> str | None:
    """Return brackets on one line; None if they do not fit on one."""
    if brackets.bare is not None:
        line = f"{indent}{before}{brackets.bare}{after}"
        if not brackets.count or fits(line):
            return line
    if brackets.flat is not None:
        line = f"{indent}{before}{brackets.flat}{after}"
        if fits(line):
            return line
    # After a key that is divided, everything is.
    alone = _codeless_alone(brackets) if "\n" not in before else None
    if alone is None:
        return None
    line = f"{indent}{before}{alone[0]}{after[:1]}{alone[1]}{after[1:]}"
    return line if fits(line) else None


def _codeless_alone(brackets: Brackets) -> tuple[str, str] | None:
    """Return `(...,)` and its comment, where a tuple of one holds a value without code."""
    depth = 0
    document: Document | None = brackets
    while isinstance(document, Brackets):
        depth, document = depth + 1, document.only
    if not isinstance(document, Unprintable):
        return None
    return f"{'(' * depth}...{',)' * depth}", document.comment


def _opening(document: Document) -> str | None:
    """Return the first line of a document that is divided; None if it cannot be."""
    if isinstance(document, ScalarConfig):
        return document.partition("\n")[0]
    if isinstance(document, Brackets):
        return document.open if document.count else None
    if isinstance(document, Operators):
        return document.operands[0]
    # black counts the comment, too.
    return f"...,{document.comment}" if isinstance(document, Unprintable) else None


def _operators(indent: str, before: str, operands: list[str], after: str) -> str:
    line = f"{indent}{before}{' '.join(operands)}{after}"
    # Outside of brackets nothing may break; after a key that is spread everything must.
    if not after or ("\n" not in before and fits(line)):
        return line
    return f"{indent}{before}" + f"\n{indent}".join(operands) + after
