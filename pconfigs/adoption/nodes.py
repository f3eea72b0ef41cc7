"""Trees of a source: what its files hold, with the line and the comments of each value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from pconfigs.serialization.formats.interpolations import Formula

Path: TypeAlias = tuple[Any, ...]
"""Keys and indices from the root of a tree."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file of the source."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Notes:
    """Comments at a key.

    Attributes:
        text: Prose above the key and on its line.
        settings: Lines above the key that are settings turned into comments.
    """

    text: str = ""
    settings: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Node:
    """A value of a source."""

    place: Place
    notes: Notes = Notes()


@dataclass(slots=True, kw_only=True)
class Scalar(Node):
    """None, a bool, a number or a string."""

    value: Any


@dataclass(slots=True, kw_only=True)
class Missing(Node):
    """A value that must be given: `???`."""


@dataclass(slots=True, kw_only=True)
class Interpolation(Node):
    """A value that follows from others: `${model.dim}`, or an alias `*name`.

    Attributes:
        text: How the source writes it.
        formula: What it computes; None where the text is not understood.
        problem: Why it is not understood.
        copy: Of an alias, the value that its anchor has.
    """

    text: str
    formula: Formula | None
    problem: str = ""
    copy: Node | None = None


@dataclass(slots=True, kw_only=True)
class Mapping(Node):
    """Keys and values.

    Attributes:
        items: The values by key.
        doc: Of a file, the comment at its top.
        package: Of a file, the word of its header `# @package word`.
    """

    items: dict[Any, Node] = field(default_factory=dict)
    doc: str = ""
    package: str | None = None

    @property
    def target(self) -> str | None:
        """Return the dotted name under `_target_`, where there is one."""
        found = self.items.get("_target_")
        return found.value if isinstance(found, Scalar) and isinstance(found.value, str) else None


@dataclass(slots=True, kw_only=True)
class Sequence(Node):
    """Values in order."""

    items: list[Node]


@dataclass(frozen=True, slots=True)
class Variable(Formula):
    """An environment variable.

    Attributes:
        name: Of the variable.
        kind: The name of its type.
        is_required: Whether it must be set.
        default: Its value where it is not set.
    """

    name: str
    kind: str = "str"
    is_required: bool = True
    default: Any = None

    @property
    def is_secret(self) -> bool:
        """Return whether its value must not be shown, judged by its name."""
        words = self.name.upper()
        return any(word in words for word in ("TOKEN", "SECRET", "PASSWORD", "API_KEY"))


def at(node: Node | None, path: Path) -> Node | None:
    """Return the node at `path` below `node`, or None."""
    for step in path:
        if isinstance(node, Mapping):
            node = node.items.get(step)
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node


def children(node: Node) -> Iterator[tuple[Any, Node]]:
    """Yield the keys or indices of a node, with what they lead to."""
    if isinstance(node, Mapping):
        yield from node.items.items()
    elif isinstance(node, Sequence):
        yield from enumerate(node.items)


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Yield every node below `node`, and itself, with its path; parents first."""
    yield path, node
    for key, child in children(node):
        yield from walk(child, (*path, key))


def depth_of(node: Node) -> int:
    """Return the number of levels below a node, which may be too many for `walk`."""
    level, count = [node], -1
    while level:
        level, count = [child for one in level for _, child in children(one)], count + 1
    return count


def without_alias(node: Node) -> Node:
    """Return the value that an alias is a copy of; any other node as it is."""
    return node.copy if isinstance(node, Interpolation) and node.copy is not None else node


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """Return a copy of a tree in which `change` has been applied to all that holds no others."""
    if isinstance(node, Mapping):
        items = {key: rebuilt(child, change) for key, child in node.items.items()}
        return replace(node, items=items)
    if isinstance(node, Sequence):
        return replace(node, items=[rebuilt(child, change) for child in node.items])
    return change(node)


def copied(node: Node) -> Node:
    """Return a copy whose containers can be changed without changing `node`."""
    return rebuilt(node, lambda one: one)


def merged(below: Node | None, above: Node) -> Node:
    """Return `above` over `below`: mappings merge, all other values replace.

    The comments of a key are those that it has first, so that a delta does not hide them.
    """
    if not (isinstance(below, Mapping) and isinstance(above, Mapping)):
        if below is not None and not above.notes.text:
            return replace(copied(above), notes=below.notes)
        return copied(above)
    items = dict(below.items)
    for key, child in above.items.items():
        items[key] = merged(items.get(key), child)
    notes = below.notes if below.notes.text else above.notes
    return replace(above, items=items, notes=notes, doc=below.doc)


def plain(node: Node) -> Any:
    """Return plain data of a node; interpolations as they are written, missing values as `???`."""
    if isinstance(node, Mapping):
        return {key: plain(child) for key, child in node.items.items()}
    if isinstance(node, Sequence):
        return [plain(child) for child in node.items]
    if isinstance(node, Interpolation):
        return node.text if node.copy is None else plain(node.copy)
    return node.value if isinstance(node, Scalar) else "???"


def overlap(one: Path, other: Path) -> bool:
    """Return whether one of two paths leads through what the other leads to, or both to one."""
    return one[: len(other)] == other[: len(one)]


def dotted(path: Path) -> str:
    """Return a path as text: `policy.optimizer.betas[0]`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif isinstance(step, str) and step.replace("-", "_").isidentifier():
            text += f".{step}" if text else step
        else:
            text += f"[{step!r}]"
    return text
