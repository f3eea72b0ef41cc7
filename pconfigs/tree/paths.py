"""Paths: where a value sits in a config, as text and as steps.

`model.blocks[2].width` is two fields, an item, a field; `blocks.2.width` is the same, and
`heads['cls']` an item of a dict. In
patterns `*` matches any field, `[*]` any item, `**` any number of steps, and `lr_*` any field that
begins with `lr_`.
"""

from __future__ import annotations

from pconfigs.errors.formatting import SECRET_NAMES
from pconfigs.errors.paths import PathError
from pconfigs.imports.path_syntax import (
    Item,
    UnquotedKey,
    find_key,
    key_text,
    parse_steps,
    steps_text,
)

__all__ = [
    "ROOT",
    "Item",
    "Path",
    "UnquotedKey",
    "find_key",
    "is_secret_path",
    "key_text",
    "names_key",
    "parse_path",
    "parse_pattern",
    "pattern_of",
    "shown_path",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


class Path:
    """Steps from a config to a value in it; equal to its text, and hashed like it.

    A path knows its parent, so that walking a deep tree costs the same for every step.
    """

    __slots__ = ("_hash", "_text", "parent", "step")

    def __init__(self, parent: Path | None = None, step: str | Item | None = None) -> None:
        self.parent, self.step = parent, step
        self._text: str | None = None if parent is not None else ""
        self._hash: int | None = None

    def field(self, name: str) -> Path:
        """Return the path of a field of the config here."""
        return Path(self, name)

    def item(self, key: Any) -> Path:
        """Return the path of an item of the container here."""
        return Path(self, Item(key))

    @property
    def steps(self) -> tuple[str | Item, ...]:
        """The steps from the root: field names, and `Item`s."""
        steps: list[Any] = []
        node = self
        while node.parent is not None:
            steps.append(node.step)
            node = node.parent
        steps.reverse()
        return tuple(steps)

    def __str__(self) -> str:
        if self._text is None:
            parent = self.parent
            assert parent is not None
            known, step = parent._text, self.step
            if known is None:
                # It is kept for its other fields, which are asked for next in a walk.
                known = parent._text = parent._joined()
            if isinstance(step, str):
                self._text = f"{known}.{step}" if known else step
            else:
                self._text = _added(known, [step])
        return self._text

    def _joined(self) -> str:
        """Return the text, built from that of the nearest path above that has one."""
        steps: list[Any] = []
        node = self
        while node._text is None and node.parent is not None:
            steps.append(node.step)
            node = node.parent
        steps.reverse()
        return _added(node._text or "", steps)

    def __repr__(self) -> str:
        return f"Path({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other) if isinstance(other, (Path, str)) else NotImplemented

    def __hash__(self) -> int:
        found = self._hash
        if found is None:
            found = self._hash = hash(str(self))
        return found

    def __lt__(self, other: Path | str) -> bool:
        return str(self) < str(other)

    def __len__(self) -> int:
        return len(self.steps)

    def __bool__(self) -> bool:
        return self.parent is not None


def _added(known: str, steps: list[Any]) -> str:
    """Return a text with steps after it."""
    if len(steps) == 1 and isinstance(steps[0], str):
        return f"{known}.{steps[0]}" if known else steps[0]
    rest = steps_text(steps)
    return f"{known}.{rest}" if known and rest[:1] != "[" else f"{known}{rest}"


ROOT = Path()


def path_from(steps: Iterable[str | Item]) -> Path:
    """Return the path of some steps."""
    path = ROOT
    for step in steps:
        path = Path(path, step)
    return path


def pattern_of(path: Path) -> str:
    """Return a path with `[*]` in place of the indexes of lists, so that items look alike."""
    if "[" not in str(path):
        return str(path)
    steps = [
        "[*]" if isinstance(step, Item) and isinstance(step.key, int) else steps_text([step])
        for step in path.steps
    ]
    return "".join(f".{s}" if i and s[0] != "[" else s for i, s in enumerate(steps))


def parse_path(text: str | Path) -> Path:
    """Return the path that a text spells.

    Raises:
        PathError: The text is malformed.
    """
    if isinstance(text, Path):
        return text
    return path_from(parse_pattern(text))


def parse_pattern(text: str) -> list[str | Item]:
    """Return the steps of a path or a pattern, in which `*` and `**` are names or keys.

    Raises:
        PathError: The text is malformed.
    """
    try:
        steps = [
            Item(int(step)) if isinstance(step, str) and step.isdecimal() else step
            for step in parse_steps(text)
        ]
    except ValueError:  # Python reads no integer of more than 4,300 digits
        raise PathError(f"{text[:60]}...", "an index has too many digits") from None
    for step in steps:
        if isinstance(step, str) and not step.replace("*", "_").isidentifier():
            raise PathError(text, f"{step!r} is not a field name")
    return steps


def shown_path(text: str) -> str:
    """Return a path or a pattern as it may be shown: without the keys of a dict that is secret.

    Raises:
        PathError: The text is malformed.
    """
    shown: list[str | Item] = []
    for step in parse_pattern(text):
        if names_key(step) and is_secret_path(shown):
            return f"{steps_text(shown)}[...]"
        shown.append(step)
    return text


def names_key(step: str | Item) -> bool:
    """Return whether a step is a key of a dict, and no pattern."""
    if isinstance(step, str) or isinstance(step.key, int):
        return False
    return not (isinstance(step.key, UnquotedKey) and step.key.text == "*")


def is_secret_path(steps: Iterable[str | Item]) -> bool:
    """Return whether a field on the way has the name of one that is secret."""
    return any(isinstance(step, str) and step in SECRET_NAMES for step in steps)
