"""The syntax of paths: `model.blocks[2].width` as steps, for paths and targets alike.

A step is a name, or an `Item` of a list, tuple or dict.
"""

from __future__ import annotations

from pconfigs.errors.formatting import outside_brackets, shorten
from pconfigs.errors.paths import PathError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any


MOST_STEPS = 200
"""Steps of a path: configs nest at most 100 deep, and containers between them."""
_LONGEST_NUMBER = 4300  # digits that Python reads


class Item:
    """A step into a list, tuple or dict."""

    __slots__ = ("key",)

    def __init__(self, key: Any) -> None:
        self.key = key

    def __repr__(self) -> str:
        return f"[{key_text(self.key)}]"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Item) and key_text(self.key) == key_text(other.key)

    def __hash__(self) -> int:
        return hash(key_text(self.key))


class UnquotedKey:
    """A key that is known by its text only, such as an enum member: `[Color.red]`."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def steps_text(steps: Iterable[str | Item]) -> str:
    """Return steps as they are written: `model.blocks[2].width`."""
    parts: list[str] = []
    for step in steps:
        if isinstance(step, Item):
            parts.append(f"[{key_text(step.key)}]")
        else:
            parts.append(f".{step}" if parts else step)
    return "".join(parts)


def key_text(key: Any) -> str:
    """Return a key as written in a path: enum members as `Color.red`, others as their repr."""
    if isinstance(key, UnquotedKey):
        return key.text
    enum_name = getattr(key, "_name_", None)
    if isinstance(enum_name, str):
        return f"{type(key).__name__}.{enum_name}"
    try:
        return repr(key)
    except ValueError:
        return _long_key(key)


def _long_key(key: Any) -> str:
    """Return the text of a key with numbers of more digits than Python writes: hexadecimal ones."""
    if isinstance(key, tuple):
        return f"({', '.join(map(key_text, key))}{',' * (len(key) == 1)})"
    return hex(key) if isinstance(key, int) else shorten(key)


def parse_steps(text: str) -> list[str | Item]:
    """Return the steps of a text; the caller checks whether its names are names.

    Raises:
        PathError: Dots or brackets are not where they belong.
    """
    steps: list[str | Item] = []
    at, length = 0, len(text)
    while at < length:
        if len(steps) >= MOST_STEPS:
            raise PathError(f"{text[:60]}...", f"it has more than {MOST_STEPS} steps")
        if text[at] == "[":
            end = _closing_bracket(text, at)
            if end < 0:
                raise PathError(text, f"the bracket in {text[at:]!r} is never closed")
            steps.append(Item(_key(text[at + 1 : end].strip(), text)))
            at = end + 1
            if at < length and text[at] not in ".[":
                raise PathError(text, f"a dot or a bracket is missing before {text[at:]!r}")
        else:
            end = at
            while end < length and text[end] not in ".[":
                end += 1
            name = text[at:end].strip()
            if not name:
                raise PathError(text, f"a name is missing before {text[end:]!r}")
            steps.append(name)
            at = end
        if at < length and text[at] == ".":
            at += 1
            if at == length:
                raise PathError(text, "it ends in a dot")
            if text[at] == "[":
                raise PathError(text, f"a name is missing before {text[at:]!r}")
    return steps


def _closing_bracket(text: str, start: int) -> int:
    """Return the index of the bracket that closes the one at `start`, or -1 if none does."""
    outside = outside_brackets(text, start + 1)
    return next((index for index, letter in outside if letter in "])}"), -1)


def _key(text: str, whole: str) -> Any:
    if not text:
        raise PathError(whole, "an index or a key is missing between the brackets")
    if text == "*":
        return UnquotedKey("*")
    if text.isdecimal() and text.isascii() and len(text) <= _LONGEST_NUMBER:
        return int(text)
    try:
        key = _syntax().literal_value(text)
        repr(key)  # a number may be too long to be written
        return key
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        # A shell takes quotes away: heads[cls] is heads['cls'] if there is such a key.
        return UnquotedKey(text)


def find_key(mapping: Mapping[Any, Any], key: Any) -> Any:
    """Return the key of `mapping` that a path means by `key`; `mapping` itself if none."""
    if not isinstance(key, UnquotedKey):
        try:
            if key in mapping:
                return key
        except TypeError:
            return mapping
    wanted = key_text(key)
    for known in mapping:
        if key_text(known) == wanted:
            return known
    if not isinstance(key, UnquotedKey):
        return mapping
    if key.text in mapping:
        return key.text
    meant = _as_printed(wanted) if "(" in wanted else ""
    if meant:
        for known in mapping:
            if _as_printed(key_text(known)) == meant:
                return known
    return mapping


def _as_printed(text: str) -> str:
    """Return the repr of a key as printed code has it: `Path('a')` for `PosixPath('a')`."""
    import ast

    syntax = _syntax()
    try:
        tree = syntax.module_tree(text)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                is_own = name in ("PosixPath", "WindowsPath")
                node.func = ast.Name("Path" if is_own else name)
        return ast.unparse(tree)
    except syntax.NOT_PYTHON:
        return ""


def _syntax() -> Any:
    """Return the parser of Python, which is loaded as ast is, with the first such key."""
    from pconfigs import syntax

    return syntax
