"""The printer: a config written down as Python.

    names     what classes are called, and the import lines
    scalars   plain values as literals
    shapes, library, objects   one level of any other value
    entries   what is printed of a config
    flat      values on one line
    lines     where lines break

black is loaded only for values whose own repr is code that another library laid out.
"""

from __future__ import annotations

from pconfigs.codegen.imports import ImportNames
from pconfigs.codegen.layout import Layout
from pconfigs.codegen.one_line import SCHEMA
from pconfigs.codegen.width import INDENT, WIDTH, fits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

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
    text = Layout(names, ForeignCode(), depth, max_items).of(value)
    if isinstance(value, str) and not _plain_docstring(value):
        # A string on its own is a docstring, in which black would tidy up.
        line = f"({text})"
        return line if fits(line) else f"(\n{INDENT}{text}\n)"
    return text


def _plain_docstring(value: str) -> bool:
    return value.isalnum() and value.isascii() and len(value) < WIDTH - 10


class ForeignCode:
    """Lays out code that the repr of some other library's value is."""

    def __init__(self) -> None:
        self._flat: dict[str, str | None] = {}
        self.kept: dict[int, tuple[object, str]] = {}

    def flat(self, text: str) -> str | None:
        """Return `text` in black's manner, on one line if it can be; None if it makes no value."""
        if text not in self._flat:
            self._flat[text] = _reformatted(text, 1 << 20) if _makes_a_value(text) else None
        return self._flat[text]

    def spread(self, indent: str, before: str, text: str, after: str) -> str | None:
        """Return `text` in black's manner within the width, with the text around it."""
        if not after:
            return _reformatted(text, WIDTH)
        opening, closing = ("{", "}") if before.endswith(": ") else ("_(", ")")
        source = f"{opening}\n{INDENT}{before}{text}{after}\n{closing}"
        lines = _reformatted(source, max(1, WIDTH - len(indent) + len(INDENT))).split("\n")
        return "\n".join(indent + line.removeprefix(INDENT) for line in lines[1:-1])


def _makes_a_value(text: str) -> bool:
    """Return whether `text` is an expression that can be a `repr`: a call, a name, a hint.

    A bare list or number is not taken for one: it would pass for a value that it is not.
    """
    if text.replace(".", "").replace("_", "").isalnum() and not text[0].isdigit():
        return _tree(text) is not None
    if "\n" in text and ('"""' in text or "'''" in text):
        # Lines inside of a text cannot be indented without changing it.
        return False
    import _ast

    found = _tree(text)
    if isinstance(found, _ast.BinOp):
        return isinstance(found.op, _ast.BitOr)
    return isinstance(found, (_ast.Call, _ast.Attribute, _ast.Name, _ast.Subscript))


def _tree(text: str) -> Any:
    """Return the syntax tree of an expression, or None."""
    from pconfigs.syntax import expression_tree  # with the first value of another library

    try:
        return expression_tree(f"({text})").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def _reformatted(text: str, width: int) -> str:
    """Return `text` as black lays it out; as it is where black is missing or gives up."""
    if text.replace(".", "").replace("_", "").isalnum():
        return text
    try:
        import black

        return black.format_str(text, mode=black.Mode(line_length=width)).rstrip("\n")
    except (ImportError, ValueError, RecursionError):
        return text


def format_module(text: str) -> str:
    """Return the text of a module as black lays it out."""
    import black

    return black.format_str(text, mode=black.Mode(line_length=WIDTH))
