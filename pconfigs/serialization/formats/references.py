"""References in data: `${model.depth}` in YAML files and in trees of OmegaConf.

A reference to a key is resolved here, with the rules of every other file. A resolver
(`${oc.env:HOME}`) is called only where the caller passes a function of that name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from typing import Any, TypeAlias

from pconfigs.annotations.kinds import is_a
from pconfigs.errors.serialization import FormatError, LoadProblem
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
_RESOLVER = re.compile(r"\s*([A-Za-z_][\w.]*)\s*:(.*)", re.DOTALL)
_STEP = re.compile(r"\.?([^.\[\]]+)|\[([^\[\]]*)\]")
_INT = r"(?:0|[1-9](?:_?[0-9])*)"
_NUMBER = re.compile(rf"[-+]?{_INT}")
_DIGITS = r"[0-9](?:_?[0-9])*"
_FLOAT = re.compile(
    rf"[-+]?(?:(?:{_INT}\.|{_INT}?\.{_DIGITS}|{_INT}(?=e))(?:e[-+]?{_DIGITS})?|inf|nan)",
    re.IGNORECASE,
)
ESCAPED = re.compile(r"\\([\\()\[\]{}:=, \t])")
"""A character of an argument without quotes that would end it."""
_WORDS = {"null": None, "true": True, "false": False}
_CLOSING = {"[": "]", "{": "}", "(": ")"}


def has_references(data: Any) -> bool:
    """Return whether any string of the data has a `${` in it, or is `???`."""
    pending: list[Any] = [data]
    seen: set[int] = set()
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            if "${" in value or value == MISSING:
                return True
        elif is_a(value, (dict, list)) and id(value) not in seen:
            seen.add(id(value))
            pending.extend(value.values() if is_a(value, dict) else value)
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
        if not is_a(node, (dict, list)):
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
        if is_a(node, dict):
            entries = {key: self.value(item, (*path, key)) for key, item in node.items()}
            if all(entries[key] is item for key, item in node.items()):
                return node
            if not isinstance(node, Located):
                return entries
            return Located(entries, node.line, node.lines)
        items = [self.value(item, (*path, index)) for index, item in enumerate(node)]
        return node if all(map(_is_same, items, node)) else items

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
        pieces = list(_pieces(text, path))
        if len(pieces) == 1 and pieces[0][1]:
            return self._reference(pieces[0][0], path)
        parts: list[str] = []
        for piece, is_reference in pieces:
            value = self._reference(piece, path) if is_reference else piece
            if is_a(value, (dict, list)):
                raise _refused(path, f"the reference ${{{piece}}} leads to more than one value")
            part = value if isinstance(value, str) else str(value)
            self._spend(part, path)
            parts.append(part)
        joined = "".join(parts)
        return PlainText(joined) if type(text) is PlainText else joined

    def _reference(self, inside: str, path: Steps) -> Any:
        """Return what the inside of `${…}` leads to."""
        call = _RESOLVER.fullmatch(inside)
        if call is not None and "${" not in call[1]:
            value = self._call(call[1], call[2], path)
        else:
            target = self.string(str(inside), (*path, None)) if "${" in inside else inside
            try:
                value = self.at(_target(str(target).strip(), path))
            except LookupError:
                raise _refused(path, f"the reference ${{{target}}} leads nowhere") from None
        self._spend(value, path)
        return value

    def _call(self, name: str, inside: str, path: Steps) -> Any:
        """Return what a resolver returns."""
        function = self.resolvers.get(name)
        if function is None:
            hint = f"pass it: pload_file(..., resolvers={{{name!r}: function}})"
            raise _refused(path, f"${{{name}:...}} calls a resolver that was not passed", hint)
        words = split_arguments(inside) if inside.strip() else []
        arguments = [self._argument(one, path) for one in words]
        try:
            return function(*arguments)
        except Exception as error:
            problem = f"the resolver {name!r} raised {type(error).__name__}: {error}"
            raise _refused(path, problem) from error

    def _argument(self, text: str, path: Steps) -> Any:
        """Return the value of one argument of a resolver."""
        text = text.strip()
        if text[:1] in ("'", '"') and text[-1:] == text[:1] and len(text) > 1:
            plain = unquoted(text)
            return str(self.string(plain, (*path, text))) if "${" in plain else plain
        if text[:1] == "[" and text[-1:] == "]":
            return [self._argument(one, path) for one in split_arguments(text[1:-1]) if one.strip()]
        if text[:1] == "{" and text[-1:] == "}":
            pairs = [one.partition(":") for one in split_arguments(text[1:-1]) if one.strip()]
            return {key.strip(): self._argument(value, path) for key, _, value in pairs}
        if "${" in text:
            value = self.string(text, (*path, text))
            return argument_value(str(value)) if type(value) is PlainText else value
        return argument_value(ESCAPED.sub(r"\1", text))

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
            elif is_a(one, (dict, list)):
                pending.extend(one.values() if is_a(one, dict) else one)
            if self.nodes < 0 or self.text < 0:
                raise _refused(
                    path,
                    f"its references expand to more than {MOST_NODES:,} values"
                    f" or {MOST_TEXT:,} characters",
                )


def _is_same(one: Any, other: Any) -> bool:
    return one is other


def _pieces(text: str, path: Steps) -> Iterator[tuple[str, bool]]:
    r"""Yield the pieces of a text, and whether each is the inside of a `${…}`.

    `\${` is the text `${`; two backslashes before it are one.
    """
    start = 0
    for match in re.finditer(r"(\\*)\$\{", text):
        if match.start() < start:
            continue  # it is inside of the one before
        slashes = len(match[1])
        before = text[start : match.start()] + "\\" * (slashes // 2)
        if slashes % 2:
            yield f"{before}${{", False
            start = match.end()
            continue
        if before:
            yield before, False
        end = _end(text, match.end(), path)
        yield text[match.end() : end], True
        start = end + 1
    if start < len(text):
        yield text[start:], False


def _end(text: str, start: int, path: Steps) -> int:
    """Return the index of the brace that closes the one before `start`."""
    depth, quote, index = 1, "", start
    while index < len(text):
        letter = text[index]
        if letter == "\\":
            index += 1
        elif quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "{}":
            depth += 1 if letter == "{" else -1
            if not depth:
                return index
        index += 1
    raise _refused(path, "a ${ is never closed")


def split_arguments(text: str) -> list[str]:
    """Return what commas outside of brackets and quotes separate."""
    found, depth, quote, start, index = [], 0, "", 0, 0
    while index < len(text):
        letter = text[index]
        if letter == "\\":
            index += 1
        elif quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in _CLOSING:
            depth += 1
        elif letter in _CLOSING.values():
            depth -= 1
        elif letter == "," and not depth:
            found.append(text[start:index])
            start = index + 1
        index += 1
    return [*found, text[start:]]


def unquoted(text: str) -> str:
    """Return what a text in quotes is; backslashes are special only before a quote or the end."""
    before = rf"(\\+)({text[0]}|\Z)"
    return re.sub(before, lambda match: "\\" * (len(match[1]) // 2) + match[2], text[1:-1])


def argument_value(text: str) -> Any:
    """Return an argument without quotes as the number, boolean or None that it is, else as text."""
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if len(text) < 1000 and _NUMBER.fullmatch(text):
        return int(text)
    if len(text) < 1000 and _FLOAT.fullmatch(text):
        return float(text)
    return text


def _target(text: str, path: Steps) -> Steps:
    """Return the keys that `a.b[0]` leads along; leading dots count from the mapping around."""
    name = text.lstrip(".")
    up = len(text) - len(name)
    # The path of a text within a text ends in None.
    places = path[: next((i for i, step in enumerate(path) if step is None), len(path))]
    base = list(places[: len(places) - up]) if up else []
    if up > len(places):
        raise _refused(path, f"the reference ${{{text}}} leads out of the data")
    at = 0
    while at < len(name):
        match = _STEP.match(name, at)
        if match is None or (at and match[1] and name[at] != "."):
            raise _refused(path, f"${{{text}}} is not a reference")
        base.append((match[1] or match[2] or "").strip().strip("'\""))
        at = match.end()
    if not name and not up:
        raise _refused(path, "the reference ${} is empty")
    return tuple(base)


def _child(node: Any, step: Any) -> Any:
    """Return what a mapping or list has under a key; a LookupError where it has none."""
    if is_a(node, dict):
        if step not in node and _is_index(step):
            step = int(step)
        return node[step]
    if is_a(node, list) and (type(step) is int or _is_index(step)):
        return node[int(step)]
    raise LookupError(step)


def _is_index(step: Any) -> bool:
    return isinstance(step, str) and step.isdecimal() and step.isascii() and len(step) < 10


def _refused(path: Steps, words: str, hint: str = "") -> FormatError:
    shown = ".".join(str(step)[:100] for step in path if step is not None)
    return FormatError([LoadProblem(shown, words, hint)])
