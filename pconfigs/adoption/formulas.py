"""Interpolations: the text `${mul:${model.dim},4}` as a formula, and the value of one.

The grammar is that of OmegaConf 2.3. No resolver is called but those of arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pconfigs.adoption.nodes import Path, Variable
from pconfigs.errors.formatting import shorten
from pconfigs.serialization.formats.arithmetic import ARITHMETIC
from pconfigs.serialization.formats.interpolations import (
    Call,
    Computed,
    Constant,
    Formula,
    InterpolationError,
    Joined,
    Listed,
    Mapped,
    Reference,
    argument_value,
    parsed,
)


class FormulaError(ValueError):
    """An interpolation that is not understood, or has no value."""


class ComputationError(FormulaError):
    """A computation that fails with the values of the source."""


def formula_of(text: str) -> Formula:
    """Return the formula of a string with `${` in it.

    Raises:
        FormulaError: It is malformed, or uses a path that is computed.
    """
    try:
        formula = parsed(text)
    except InterpolationError as error:
        raise FormulaError(f"{text!r}: {error}") from None
    return _known(formula, text)


def _known(formula: Formula, text: str) -> Formula:
    """Return a formula whose paths have indices, having refused what no property can compute."""
    if isinstance(formula, Computed):
        raise FormulaError(f"{text!r} has a path that is computed")
    if isinstance(formula, Mapped):
        raise FormulaError(f"{text!r} has a mapping among its arguments")
    if isinstance(formula, Reference) and not formula.path:
        raise FormulaError(f"{text!r} refers to a node without a name")
    if isinstance(formula, Reference):
        return Reference(tuple(map(_index, range(len(formula.path)), formula.path)), formula.up)
    return with_parts(formula, tuple(_known(one, text) for one in parts_of(formula)))


def _index(place: int, step: str) -> str | int:
    """Return a step of a path; after the first, digits are an index, or a key that is a number."""
    return int(step) if place and step.isdecimal() and step.isascii() else step


def parts_of(formula: Formula) -> tuple[Formula, ...]:
    """Return the formulas that a formula is made of."""
    if isinstance(formula, Call):
        return formula.arguments
    if isinstance(formula, Joined):
        return formula.parts
    return formula.items if isinstance(formula, Listed) else ()


def with_parts(formula: Formula, parts: tuple[Formula, ...]) -> Formula:
    """Return a formula like this one, made of others."""
    if isinstance(formula, Call):
        return Call(formula.name, parts)
    if isinstance(formula, Joined):
        return Joined(parts)
    return Listed(parts) if isinstance(formula, Listed) else formula


def absolute(formula: Formula, owner: Path) -> Formula:
    """Return a formula whose references start at the root; `owner` is the node with the key.

    Raises:
        FormulaError: A reference goes above the root.
    """
    if isinstance(formula, Reference) and formula.up:
        if formula.up - 1 > len(owner):
            raise FormulaError(f"{'.' * formula.up}{formula.path[0]} is above the root")
        return Reference((*owner[: len(owner) - formula.up + 1], *formula.path))
    return with_parts(formula, tuple(absolute(one, owner) for one in parts_of(formula)))


def with_variables(formula: Formula) -> Formula:
    """Return a formula in which calls of `oc.env` are variables, typed by their defaults."""
    formula = with_parts(formula, tuple(map(with_variables, parts_of(formula))))
    if not isinstance(formula, Call) or not formula.arguments:
        return formula
    first, *rest = formula.arguments
    if formula.name == "oc.env" and isinstance(first, Constant):
        name = str(first.value)
        if not rest:
            return Variable(name)
        (default,) = rest[:1]
        if isinstance(default, Constant):
            return _variable(name, default.value)
    if formula.name == "oc.decode" and isinstance(first, Variable) and not first.is_required:
        if isinstance(first.default, str):
            return _variable(first.name, argument_value(first.default))
    return formula


def _variable(name: str, default: Any) -> Variable:
    kind = "str | None" if default is None else type(default).__name__
    return Variable(name, kind, False, default)


def references(formula: Formula) -> list[Path]:
    """Return the paths that an absolute formula reads, each once."""
    if isinstance(formula, Reference):
        return [formula.path]
    return list(dict.fromkeys(path for one in parts_of(formula) for path in references(one)))


def variables(formula: Formula) -> list[Variable]:
    """Return the environment variables that a formula reads."""
    if isinstance(formula, Variable):
        return [formula]
    return [found for one in parts_of(formula) for found in variables(one)]


def unknown_resolver(formula: Formula) -> str | None:
    """Return the name of a resolver in a formula that has no meaning here, or None."""
    if isinstance(formula, Call) and formula.name not in ARITHMETIC:
        return formula.name
    return next((name for one in parts_of(formula) if (name := unknown_resolver(one))), None)


def evaluate(
    formula: Formula, read: Callable[[Path], Any], look_up: Callable[[Variable], Any]
) -> Any:
    """Return the value of an absolute formula.

    Args:
        formula: What to compute.
        read: Return the value at a path of the tree.
        look_up: Return the value of an environment variable.

    Raises:
        FormulaError: A resolver is unknown.
        ComputationError: A resolver refuses its arguments.
    """
    if isinstance(formula, Constant):
        return formula.value
    if isinstance(formula, Reference):
        return read(formula.path)
    if isinstance(formula, Variable):
        return look_up(formula)
    if isinstance(formula, Call) and formula.name not in ARITHMETIC:
        raise FormulaError(f"the resolver {formula.name!r} is unknown here")
    values = [evaluate(one, read, look_up) for one in parts_of(formula)]
    if isinstance(formula, Joined):
        return "".join(map(str, values))
    if isinstance(formula, Listed):
        return values
    assert isinstance(formula, Call)
    try:
        return ARITHMETIC[formula.name](*values)
    except (TypeError, ValueError, ArithmeticError) as error:
        shown = ", ".join(map(shorten, values))
        raise ComputationError(f"{formula.name}({shown}) fails: {error}") from error
