"""References in data: `${model.depth}` in YAML files and in trees of OmegaConf.

A reference to a key is resolved here, with the rules of every other file. A resolver
(`${oc.env:HOME}`) is called only where the caller passes a function of that name.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, TypeAlias

from pconfigs.errors.base import Problem
from pconfigs.errors.serialization import FormatError
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
    parsed_path,
)
from pconfigs.serialization.formats.yaml_scalar import Located, PlainText

Resolvers: TypeAlias = Mapping[str, Callable[..., Any]]
Steps: TypeAlias = tuple[Any, ...]

MISSING = "???"
DEEPEST = 50
"""References that may be nested in one another, or lead on to one another."""
MOST_NODES = 200_000
"""Values that references may add to the data."""
MOST_TEXT = 10_000_000
"""Characters that references may add to the data."""


def has_references(data: Any) -> bool:
    """Return whether any string of the data has a `${` in it, or is `???`."""
    pending: list[Any] = [data]
    seen: set[int] = set()
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            if "${" in value or value == MISSING:
                return True
        elif isinstance(value, (dict, list)) and id(value) not in seen:
            seen.add(id(value))
            pending.extend(value.values() if isinstance(value, dict) else value)
    return False


def resolved(top: Any, resolvers: Resolvers | None = None, at: Steps = ()) -> Any:
    """Return data with its references replaced by what they lead to, `???` by `Required`.

    Args:
        top: All of the data; references are read from its root.
        resolvers: Functions that `${name:argument, …}` calls, by name.
        at: Keys from the root to the part that is wanted.

    Raises:
        FormatError: A reference is malformed, leads nowhere or to itself, calls what was not
            passed, or makes more data than 200,000 values or 10 million characters.
    """
    try:
        return _Resolution(top, resolvers or {}).at(at)
    except RecursionError:
        raise _refused(at, "references and what they lead to are nested too deeply") from None


class _Resolution:
    def __init__(self, top: Any, resolvers: Resolvers) -> None:
        self.top, self.resolvers = top, resolvers
        self.nodes, self.text = MOST_NODES, MOST_TEXT
        self.depth = 0
        self._done: dict[Steps, Any] = {}
        self._open: set[Steps] = set()

    def at(self, steps: Steps) -> Any:
        """Return the resolved value at some keys from the root; a LookupError without one."""
        path: Steps = ()
        node = self.top
        for index, step in enumerate(steps):
            if isinstance(node, str):
                # The way leads through a reference: the rest is found in what it leads to.
                return reduce(_child, steps[index:], self.value(node, path))
            node, path = _child(node, step), (*path, step)
        return self.value(node, path)

    def value(self, node: Any, path: Steps) -> Any:
        """Return a node with all that is in it resolved; the node itself where nothing changes."""
        if isinstance(node, str):
            return self.string(node, path)
        if not isinstance(node, (dict, list)):
            return node
        if path in self._done:
            return self._done[path]
        if path in self._open:
            raise _refused(path, "the reference leads back to itself")
        self._open.add(path)
        self._done[path] = made = self._container(node, path)
        self._open.discard(path)
        return made

    def _container(self, node: Any, path: Steps) -> Any:
        if isinstance(node, dict):
            entries = {key: self.value(item, (*path, key)) for key, item in node.items()}
            if all(entries[key] is item for key, item in node.items()):
                return node
            if not isinstance(node, Located):
                return entries
            return Located(entries, node.line, node.lines)
        items = [self.value(item, (*path, index)) for index, item in enumerate(node)]
        return node if all(map(operator.is_, items, node)) else items

    def string(self, text: str, path: Steps) -> Any:
        """Return what a string is: itself, what its one reference leads to, or a joined text."""
        if text == MISSING:
            return {"$marker": "Required"}
        if "${" not in text:
            return text
        if path in self._done:
            return self._done[path]
        if path in self._open or self.depth >= DEEPEST:
            raise _refused(path, "the reference leads back to itself, or through more than 50")
        self._open.add(path)
        self.depth += 1
        self._done[path] = made = self._joined(text, path)
        self.depth -= 1
        self._open.discard(path)
        return made

    def _joined(self, text: str, path: Steps) -> Any:
        try:
            formula = parsed(text)
        except InterpolationError as error:
            raise _refused(path, str(error)) from None
        value = self._value_of(formula, path)
        is_text = isinstance(formula, (Joined, Constant))
        return PlainText(value) if is_text and type(text) is PlainText else value

    def _value_of(self, formula: Formula, path: Steps) -> Any:
        """Return the value of a formula in the string at a path."""
        if isinstance(formula, Constant):
            return formula.value
        if isinstance(formula, Joined):
            return self._text(formula.parts, path)
        if isinstance(formula, Listed):
            return [self._typed(one, path) for one in formula.items]
        if isinstance(formula, Mapped):
            return {key: self._typed(one, path) for key, one in formula.items}
        value = self._call(formula, path) if isinstance(formula, Call) else self._at(formula, path)
        self._spend(value, path)
        return value

    def _text(self, parts: tuple[Formula, ...], path: Steps) -> str:
        """Return the text of values, one after another."""
        texts: list[str] = []
        for part in parts:
            value = self._typed(part, path)
            if isinstance(value, (dict, list)):
                shown = f"${{{part}}} " if isinstance(part, Reference) else ""
                raise _refused(path, f"the reference {shown}leads to more than one value")
            text = value if isinstance(value, str) else str(value)
            self._spend(text, path)
            texts.append(text)
        return "".join(texts)

    def _at(self, formula: Formula, path: Steps) -> Any:
        reference = formula
        if isinstance(reference, Computed):
            try:
                reference = parsed_path(self._text(reference.parts, path))
            except InterpolationError as error:
                raise _refused(path, str(error)) from None
        assert isinstance(reference, Reference)
        if reference.up > len(path):
            raise _refused(path, f"the reference ${{{reference}}} leads out of the data")
        base = path[: len(path) - reference.up] if reference.up else ()
        try:
            return self.at((*base, *reference.path))
        except LookupError:
            raise _refused(path, f"the reference ${{{reference}}} leads nowhere") from None

    def _call(self, call: Call, path: Steps) -> Any:
        name, function = call.name, self.resolvers.get(call.name)
        if function is None:
            hint = f"pass it: pload_file(..., resolvers={{{name!r}: function}})"
            raise _refused(path, f"${{{name}:...}} calls a resolver that was not passed", hint)
        arguments = [self._typed(one, path) for one in call.arguments]
        try:
            return function(*arguments)
        except Exception as error:
            problem = f"the resolver {name!r} raised {type(error).__name__}: {error}"
            raise _refused(path, problem) from error

    def _typed(self, formula: Formula, path: Steps) -> Any:
        """Return the value of a formula; what a file has without quotes is what OmegaConf reads."""
        value = self._value_of(formula, path)
        return argument_value(str(value)) if type(value) is PlainText else value

    def _spend(self, value: Any, path: Steps) -> None:
        """Count what a reference adds.

        Raises:
            FormatError: It is too much.
        """
        pending: list[Any] = [value]
        while pending:
            one = pending.pop()
            self.nodes -= 1
            if isinstance(one, str):
                self.text -= len(one)
            elif isinstance(one, (dict, list)):
                pending.extend(one.values() if isinstance(one, dict) else one)
            if self.nodes < 0 or self.text < 0:
                raise _refused(
                    path,
                    f"its references expand to more than {MOST_NODES:,} values"
                    f" or {MOST_TEXT:,} characters",
                )


def _child(node: Any, step: Any) -> Any:
    """Return what a mapping or list has under a key; a LookupError where it has none."""
    if isinstance(node, dict):
        if step not in node and _is_index(step):
            step = int(step)
        return node[step]
    if isinstance(node, list) and (type(step) is int or _is_index(step)):
        return node[int(step)]
    raise LookupError(step)


def _is_index(step: Any) -> bool:
    return isinstance(step, str) and step.isdecimal() and step.isascii() and len(step) < 10


def _refused(path: Steps, words: str, hint: str = "") -> FormatError:
    shown = ".".join(str(step)[:100] for step in path)
    return FormatError([Problem(shown, words, hint)])
