"""Paths: where a value sits in a config, as text and as steps.

`model.blocks[2].width` is two fields, an item, a field; `heads['cls']` an item of a dict. In
patterns `*` stands for any field, `[*]` for any item, `**` for any number of steps, and `lr_*` for
any field that begins so.
"""

from __future__ import annotations

from pconfigs.errors.reading import PathError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


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


class Wording:
    """A key that is known by its text only, such as an enum member: `[Color.red]`."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Path:
    """Steps from a config to a value in it; equal to its text, and hashed like it.

    A path knows its parent, so that walking a deep tree costs the same for every step.
    """

    __slots__ = ("_text", "parent", "step")

    def __init__(self, parent: Path | None = None, step: str | Item | None = None) -> None:
        self.parent, self.step = parent, step
        self._text: str | None = None if parent is not None else ""

    def field(self, name: str) -> Path:
        """The path of a field of the config here."""
        return Path(self, name)

    def item(self, key: Any) -> Path:
        """The path of an item of the container here."""
        return Path(self, Item(key))

    @property
    def steps(self) -> tuple[str | Item, ...]:
        """The steps from the root: field names, and `Item`s."""
        return tuple([node.step for node in reversed(self._nodes()) if node.step is not None])

    def _nodes(self) -> list[Path]:
        nodes = []
        node: Path | None = self
        while node is not None:
            nodes.append(node)
            node = node.parent
        return nodes

    def __str__(self) -> str:
        if self._text is None:
            self._text = path_text(self.steps)
        return self._text

    def __repr__(self) -> str:
        return f"Path({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other) if isinstance(other, (Path, str)) else NotImplemented

    def __hash__(self) -> int:
        return hash(str(self))

    def __lt__(self, other: Path | str) -> bool:
        return str(self) < str(other)

    def __len__(self) -> int:
        return len(self._nodes()) - 1

    def __bool__(self) -> bool:
        return self.parent is not None


ROOT = Path()


def path_text(steps: tuple[str | Item, ...]) -> str:
    """Steps as they are written: `model.blocks[2].width`."""
    parts: list[str] = []
    for step in steps:
        if isinstance(step, Item):
            parts.append(f"[{key_text(step.key)}]")
        else:
            parts.append(f".{step}" if parts else step)
    return "".join(parts)


def key_text(key: Any) -> str:
    """A key as it is written in a path: enum members as `Color.red`, all else as its repr."""
    if isinstance(key, Wording):
        return key.text
    enum_name = getattr(key, "_name_", None)
    if isinstance(enum_name, str):
        return f"{type(key).__name__}.{enum_name}"
    return repr(key)


def parse_path(text: str | Path) -> Path:
    """The path that a text says.

    Raises:
        PathError: It is no path.
    """
    if isinstance(text, Path):
        return text
    path = ROOT
    for step in parse_steps(text):
        path = Path(path, step)
    return path


def parse_steps(text: str) -> Iterator[str | Item]:
    """The steps of a path or a pattern, in which `*` and `**` come out as names or keys."""
    rest = text
    while rest:
        if rest[0] == "[":
            end = _closing_bracket(rest)
            if end < 0:
                raise PathError(text, f"the bracket in {rest!r} is never closed")
            yield Item(_key(rest[1:end].strip(), text))
            rest = rest[end + 1 :]
            if rest and rest[0] not in ".[":
                raise PathError(text, f"a dot or a bracket is missing before {rest!r}")
            if rest == ".":
                raise PathError(text, "it ends in a dot")
            rest = rest.removeprefix(".")
        else:
            length = next((i for i, letter in enumerate(rest) if letter in ".["), len(rest))
            name = rest[:length].strip()
            if not name.replace("*", "_").isidentifier():
                problem = f"{name!r} is no field name" if name else "a field name is missing"
                raise PathError(text, problem)
            yield name
            rest = rest[length:]
            if rest == ".":
                raise PathError(text, "it ends in a dot")
            rest = rest.removeprefix(".")


def _closing_bracket(text: str) -> int:
    """Index of the bracket that closes the one at the start, or -1."""
    depth, quote, index = 0, "", 0
    while index < len(text):
        letter = text[index]
        if quote:
            if letter == "\\":
                index += 1
            elif letter == quote:
                quote = ""
        elif letter in "'\"":
            quote = letter
        elif letter in "[({":
            depth += 1
        elif letter in "])}":
            depth -= 1
            if not depth:
                return index
        index += 1
    return -1


def _key(text: str, whole: str) -> Any:
    if not text:
        raise PathError(whole, "an index or a key is missing between the brackets")
    if text == "*":
        return Wording("*")
    if text.isdecimal() and text.isascii():
        return int(text)
    from ast import literal_eval

    try:
        return literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        # A shell takes quotes away: heads[cls] is heads['cls'] if there is such a key.
        return Wording(text)


def find_key(mapping: dict[Any, Any], key: Any) -> Any:
    """The key of `mapping` that a path means by `key`, or `mapping` itself where there is none."""
    if not isinstance(key, Wording):
        try:
            if key in mapping:
                return key
        except TypeError:
            return mapping
    wanted = key_text(key)
    for known in mapping:
        if key_text(known) == wanted:
            return known
    if isinstance(key, Wording) and key.text in mapping:
        return key.text
    return mapping
