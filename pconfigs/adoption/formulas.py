"""Interpolations: the text `${mul:${model.dim},4}` as a formula, and the value of one.

The grammar is that of OmegaConf 2.3. No resolver is called but those of arithmetic.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pconfigs.adoption.nodes import (
    Call,
    Constant,
    Formula,
    Joined,
    Listed,
    Path,
    Reference,
    Variable,
)
from pconfigs.errors.formatting import shorten
from pconfigs.serialization.formats.arithmetic import ARITHMETIC
from pconfigs.serialization.formats.references import ESCAPED, argument_value, unquoted

_SLASHES = re.compile(r"(\\+)\$\{")


class FormulaError(ValueError):
    """An interpolation that is not understood, or has no value."""


class ComputationError(FormulaError):
    """A computation that fails with the values of the source."""


def formula_of(text: str) -> Formula:
    """Return the formula of a string with `${` in it.

    Raises:
        FormulaError: It is malformed, or uses a path that is computed.
    """
    parts, end = _Parser(text).joined(0, "")
    if end != len(text):
        raise FormulaError(f"{text!r} is malformed at column {end + 1}")
    return parts


class _Parser:
    """Parse one text; each method takes the start and returns what it found and the end."""

    def __init__(self, text: str) -> None:
        self.text = text

    def joined(self, at: int, until: str) -> tuple[Formula, int]:
        """Parse text and interpolations up to a character of `until`, or the end."""
        parts: list[Formula] = []
        letters = ""
        while at < len(self.text) and self.text[at] not in (until or "\0"):
            if self.text.startswith("${", at):
                if letters:
                    parts.append(Constant(letters))
                    letters = ""
                part, at = self.interpolation(at)
                parts.append(part)
            elif slashes := _SLASHES.match(self.text, at):
                count = len(slashes[1])
                letters += "\\" * (count // 2) + "${" * (count % 2)
                at = slashes.end() if count % 2 else slashes.end(1)
            elif until and (escaped := ESCAPED.match(self.text, at)):
                letters, at = letters + escaped[1], escaped.end()
            elif until and self.text[at] in "'\"" and not letters.strip() and not parts:
                return self.quoted(at)
            else:
                letters, at = letters + self.text[at], at + 1
        if letters and (parts or not until):
            parts.append(Constant(letters))
        elif letters or not parts:
            return Constant(argument_value(letters.strip()) if until else letters), at
        return (parts[0] if len(parts) == 1 else Joined(tuple(parts))), at

    def quoted(self, at: int) -> tuple[Formula, int]:
        """Parse a string in quotes, which may have interpolations in it."""
        quote = self.text[at]
        end = at + 1
        while end < len(self.text) and self.text[end] != quote:
            end += 2 if self.text[end] == "\\" else 1
        if end >= len(self.text):
            raise FormulaError(f"{self.text!r} has a quote that is not closed")
        inner = unquoted(self.text[at : end + 1])
        found = formula_of(inner) if "${" in inner else Constant(inner)
        rest = end + 1
        while rest < len(self.text) and self.text[rest] == " ":
            rest += 1
        return found, rest

    def interpolation(self, at: int) -> tuple[Formula, int]:
        """Parse `${path}` or `${resolver:arguments}`."""
        at += 2
        start = at
        while at < len(self.text) and self.text[at] not in ":}$":
            at += 1
        if at >= len(self.text):
            raise FormulaError(f"{self.text!r} has an interpolation that is not closed")
        if self.text[at] == "$":
            raise FormulaError(f"{self.text!r} has a path that is computed")
        head = self.text[start:at].strip()
        if self.text[at] == "}":
            return _reference(head, self.text), at + 1
        arguments, at = self.listed(at + 1, "}")
        return Call(head, tuple(arguments)), at + 1

    def listed(self, at: int, closing: str) -> tuple[list[Formula], int]:
        """Parse items between commas, up to `closing`."""
        items: list[Formula] = []
        while True:
            while at < len(self.text) and self.text[at] == " ":
                at += 1
            if at < len(self.text) and self.text[at] == closing and not items:
                return items, at
            if at < len(self.text) and self.text[at] == "[":
                inner, at = self.listed(at + 1, "]")
                item: Formula = Listed(tuple(inner))
                at += 1
            elif at < len(self.text) and self.text[at] == "{":
                raise FormulaError(f"{self.text!r} has a mapping among its arguments")
            else:
                item, at = self.joined(at, f",{closing}")
            items.append(item)
            if at >= len(self.text) or self.text[at] not in f",{closing}":
                raise FormulaError(f"{self.text!r} has arguments that are not closed")
            if self.text[at] == closing:
                return items, at
            at += 1


def _reference(text: str, whole: str) -> Reference:
    """Return the reference that `a.b[0].c`, `.b` or `..b` is."""
    bare = text.lstrip(".")
    steps: list[Any] = []
    for piece in bare.replace("[", ".[").split("."):
        if piece.startswith("[") and piece.endswith("]"):
            inner = piece[1:-1].strip("'\"")
            steps.append(int(inner) if inner.isdigit() else inner)
        elif piece:
            steps.append(int(piece) if piece.isdigit() and steps else piece)
        elif bare.startswith("["):
            continue
        else:
            raise FormulaError(f"{whole!r} has an empty step in its path")
    if not steps:
        raise FormulaError(f"{whole!r} refers to a node without a name")
    return Reference(tuple(steps), len(text) - len(bare))


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
        return "".join(map(_text, values))
    if isinstance(formula, Listed):
        return values
    try:
        return ARITHMETIC[formula.name](*values)
    except (TypeError, ValueError, ArithmeticError) as error:
        shown = ", ".join(map(shorten, values))
        raise ComputationError(f"{formula.name}({shown}) fails: {error}") from error


def _text(value: Any) -> str:
    """Return a value as OmegaConf joins it to a string."""
    return value if isinstance(value, str) else str(value)
