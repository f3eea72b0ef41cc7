"""Values of a composed tree: interpolations computed, without any resolver of the source."""

from __future__ import annotations

from typing import Any

from pconfigs.adoption.formulas import FormulaError, absolute, evaluate
from pconfigs.adoption.nodes import (
    Interpolation,
    Mapping,
    Missing,
    Node,
    Path,
    Scalar,
    Sequence,
    at,
    dotted,
)


class Open:
    """The value of what is missing, or cannot be computed here.

    Attributes:
        why: The reason; empty for `???`.
        follows: Whether it is open because a value is that it follows from.
    """

    def __init__(self, why: str = "", *, follows: bool = False) -> None:
        self.why, self.follows = why, follows


class Values:
    """The values of one tree."""

    def __init__(self, tree: Mapping) -> None:
        self.tree = tree
        self.active: list[Path] = []

    def all(self) -> dict[Any, Any]:
        """Return the tree as plain data, with `Open` where there is no value."""
        found = self.of(self.tree, ())
        assert isinstance(found, dict)
        return found

    def of(self, node: Node, path: Path) -> Any:
        """Return the value of the node at `path`."""
        if isinstance(node, Mapping):
            return {key: self.of(child, (*path, key)) for key, child in node.items.items()}
        if isinstance(node, Sequence):
            return [self.of(item, (*path, index)) for index, item in enumerate(node.items)]
        if isinstance(node, Interpolation):
            return self.computed(node, path)
        if isinstance(node, Missing):
            return Open()
        assert isinstance(node, Scalar)
        return node.value

    def computed(self, node: Interpolation, path: Path) -> Any:
        """Return the value of an interpolation, or why it has none."""
        if node.copy is not None:
            return self.of(node.copy, path)
        if node.formula is None:
            return Open(node.problem)
        if path in self.active:
            return Open(f"{dotted(path)} refers to itself")
        self.active.append(path)
        try:
            return evaluate(absolute(node.formula, path[:-1]), self.read)
        except HasNoValueError:
            return Open(f"{node.text} refers to a value that is not known", follows=True)
        except FormulaError as error:
            return Open(str(error))
        finally:
            self.active.pop()

    def read(self, path: Path) -> Any:
        """Return the value at a path that an interpolation names."""
        node = at(self.tree, path)
        if node is None:
            node = self.through(path)
        if node is None:
            raise FormulaError(f"there is nothing at {dotted(path)}")
        value = self.of(node, path)
        if isinstance(value, Open):
            raise HasNoValueError
        return value

    def through(self, path: Path) -> Node | None:
        """Return the node at a path that leads through a section that is itself a reference."""
        node: Node | None = self.tree
        for count, step in enumerate(path):
            if isinstance(node, Interpolation):
                if node.copy is not None:
                    node = node.copy
                elif node.formula is not None:
                    formula = absolute(node.formula, path[: count - 1])
                    target = getattr(formula, "path", None)
                    node = at(self.tree, target) if isinstance(target, tuple) else None
            if node is None:
                return None
            node = at(node, (step,))
        return node


class HasNoValueError(Exception):
    """A formula reads a value that is missing."""
