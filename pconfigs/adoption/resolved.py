"""Values of a composed tree: interpolations computed, without any resolver of the source."""

from __future__ import annotations

from typing import Any, TypeAlias

from pconfigs.adoption.formulas import (
    ComputationError,
    FormulaError,
    absolute,
    evaluate,
    parts_of,
    with_parts,
    with_variables,
)
from pconfigs.adoption.nodes import (
    Interpolation,
    Mapping,
    Missing,
    Node,
    Path,
    Scalar,
    Sequence,
    Variable,
    at,
    dotted,
)
from pconfigs.serialization.formats.interpolations import Call, Constant, Formula, Reference
from pconfigs.serialization.formats.references import DEEPEST, MOST_NODES, MOST_TEXT

Known: TypeAlias = dict[Variable, Any]


class Open:
    """The value of what is missing, or cannot be computed here.

    Attributes:
        why: The reason; empty for `???`.
        follows: Whether it is open because a value is that it follows from.
        fails: Whether it is computed, and that fails with the values of the source.
    """

    def __init__(self, why: str = "", *, follows: bool = False, fails: bool = False) -> None:
        self.why, self.follows, self.fails = why, follows, fails


class Values:
    """The values of one tree.

    Args:
        tree: The tree.
        variables: Values of environment variables; others have none.
    """

    def __init__(self, tree: Mapping, variables: Known | None = None) -> None:
        self.tree, self.variables = tree, variables or {}
        self.active: list[Path] = []
        self.known: dict[Path, Any] = {}  # a value that two others read is computed once
        self.nodes, self.text = MOST_NODES, MOST_TEXT

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
        if len(self.active) >= DEEPEST:
            return Open(f"it follows through more than {DEEPEST} references", fails=True)
        if path not in self.known:
            self.active.append(path)
            self.known[path] = self.evaluated(node, node.formula, path)
            self.active.pop()
        return self.known[path]

    def evaluated(self, node: Interpolation, formula: Formula, path: Path) -> Any:
        """Return the value of a formula, or why it has none."""
        try:
            return evaluate(settled(formula, path[:-1], self.tree), self.read, self.look_up)
        except HasNoValueError:
            return Open(f"{node.text} refers to a value that is not known", follows=True)
        except FormulaError as error:
            return Open(str(error), fails=isinstance(error, ComputationError))

    def look_up(self, variable: Variable) -> Any:
        """Return the value of an environment variable."""
        if variable not in self.variables:
            raise FormulaError(f"the source reads the environment variable {variable.name}")
        return self.variables[variable]

    def read(self, path: Path) -> Any:
        """Return the value at a path that an interpolation names."""
        node = self.through(path)
        if node is None:
            raise FormulaError(f"there is nothing at {dotted(path)}")
        value = self.of(node, path)
        if isinstance(value, Open):
            raise HasNoValueError
        self.count(value)
        return value

    def count(self, value: Any) -> None:
        """Refuse references that make more than a file that is loaded may.

        Raises:
            ComputationError: They do.
        """
        pending = [value]
        while pending:
            one = pending.pop()
            self.nodes -= 1
            if isinstance(one, str):
                self.text -= len(one)
            elif isinstance(one, (list, dict)):
                pending += one.values() if isinstance(one, dict) else one
            if self.nodes < 0 or self.text < 0:
                limit = f"{MOST_NODES} values or {MOST_TEXT} characters"
                raise ComputationError(f"the references make more than {limit}")

    def through(self, path: Path) -> Node | None:
        """Return the node at a path, which may lead through sections that are references."""
        node: Node | None = self.tree
        for count, step in enumerate(path):
            if isinstance(node, Interpolation):
                if node.copy is not None:
                    node = node.copy
                elif node.formula is not None:
                    formula = absolute(node.formula, path[: count - 1])
                    target = getattr(formula, "path", None)
                    node = at(self.tree, target) if isinstance(target, tuple) else None
            node = at(node, (step,))
        return node


class HasNoValueError(Exception):
    """A formula reads a value that is missing."""


def settled(formula: Formula, owner: Path, tree: Mapping) -> Formula:
    """Return a formula with paths from the root, variables, and what `oc.select` selects.

    Raises:
        FormulaError: A reference goes above the root.
    """
    return _selected(with_variables(absolute(formula, owner)), tree)


def _selected(formula: Formula, tree: Mapping) -> Formula:
    formula = with_parts(formula, tuple(_selected(one, tree) for one in parts_of(formula)))
    if isinstance(formula, Call) and formula.name == "oc.select" and formula.arguments:
        key = formula.arguments[0]
        if isinstance(key, Constant):
            path = tuple(str(key.value).split("."))
            if at(tree, path) is not None:
                return Reference(path)
            return formula.arguments[1] if len(formula.arguments) > 1 else Constant(None)
    return formula
