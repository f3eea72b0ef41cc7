"""Foreign code: what black lays out, reprs of other libraries and the modules that are written."""

from __future__ import annotations

from pconfigs.codegen.width import INDENT, WIDTH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class ForeignCode:
    """Lays out code that the repr of some other library's value is."""

    def __init__(self) -> None:
        self._flat: dict[str, str | None] = {}
        self.kept: dict[int, tuple[object, str]] = {}

    def flat(self, text: str) -> str | None:
        """Return `text` in black's manner, on one line if it can be; None if it makes no value."""
        if text not in self._flat:
            made = _on_one_line(_reformatted(text, 1 << 20)) if _makes_a_value(text) else None
            if made is not None and "#" in made and _tree(made) is None:
                made = None  # a comment at its end
            self._flat[text] = made
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


def _on_one_line(code: str) -> str:
    """Return code on one line that black has divided since brackets in it end in a comma.

    black itself could leave these commas out, but then it makes `F((1,),)` into `F((1))`.
    """
    first, *others = code.split("\n")
    if not others:
        return code
    joined = first
    for line in map(str.strip, others):
        if line[:1] in (")", "]", "}"):
            joined = joined.removesuffix(",") + line
        else:
            joined += line if joined[-1] in "([{" else f" {line}"
    import ast

    trees = [_tree(text) for text in (code, joined)]
    same = None not in trees and ast.dump(trees[0]) == ast.dump(trees[1])
    return joined if same else code  # with a comment in it, it is not


def format_module(text: str) -> str:
    """Return the text of a module as black lays it out."""
    import black

    return black.format_str(text, mode=black.Mode(line_length=WIDTH))
