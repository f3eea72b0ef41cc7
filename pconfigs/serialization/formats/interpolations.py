"""Interpolations: the text `${mul:${model.dim},4}` as a formula.

The grammar is that of OmegaConf 2.3. Nothing is looked up and nothing is called here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pconfigs.errors.formatting import shorten

T = TypeVar("T")

DEEPEST = 50
"""Interpolations, lists and mappings that may be nested in one another."""
_RESOLVER = re.compile(r"[A-Za-z_][\w.]*")
_HEAD = re.compile(r"(?:[^\[:{}$]|\$(?!\{)|\[[^\[\]{}$]*\]|\[)*")
_STEP = re.compile(r"\.?([^.\[\]]+)|\[([^\[\]]*)\]")
_OPENING = re.compile(r"\$\{")
_QUOTES = {quote: re.compile(rf"\$\{{|{quote}") for quote in "'\""}
_ESCAPED = r"[\\()\[\]{}:=, \t]"
_PLAIN = re.compile(
    rf"(?P<text>(?:[^\\,\[\]{{}}()'\"$]|\$(?!\{{)|\\(?!{_ESCAPED}))+)|\\(?P<escaped>{_ESCAPED})"
)
_KEY = re.compile(r"([^\\:,\[\]{}()'\"$]+):")
_INT = r"(?:0|[1-9](?:_?[0-9])*)"
_NUMBER = re.compile(rf"[-+]?{_INT}")
_DIGITS = r"[0-9](?:_?[0-9])*"
_FLOAT = re.compile(
    rf"[-+]?(?:(?:{_INT}\.|{_INT}?\.{_DIGITS}|{_INT}(?=e))(?:e[-+]?{_DIGITS})?|inf|nan)",
    re.IGNORECASE,
)
_WORDS = {"null": None, "true": True, "false": False}
_BLANKS = " \t\r\n"


class InterpolationError(ValueError):
    """An interpolation that is not understood."""


class Formula:
    """A part of an interpolation."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Constant(Formula):
    """A value that is written in a text."""

    value: Any


@dataclass(frozen=True, slots=True)
class Reference(Formula):
    """The value at another path.

    Attributes:
        path: Steps from the root, or from a value above.
        up: 0 for a path from the root; 1 from the value that has the key, 2 from the one above.
    """

    path: tuple[Any, ...]
    up: int = 0

    def __str__(self) -> str:
        return f"{'.' * self.up}{'.'.join(map(str, self.path))}"


@dataclass(frozen=True, slots=True)
class Computed(Formula):
    """The value at a path whose text follows from others: `${heads.${name}}`."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Call(Formula):
    """A resolver with its arguments."""

    name: str
    arguments: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Joined(Formula):
    """The text of strings and values, one after another."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Listed(Formula):
    """A list of formulas."""

    items: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Mapped(Formula):
    """A mapping whose values are formulas."""

    items: tuple[tuple[Any, Formula], ...]


def parsed(text: str) -> Formula:
    r"""Return the formula of a text; `\${` is the text `${`, two backslashes before it are one.

    Raises:
        InterpolationError: It is malformed.
    """
    return _one(_Parser(text).pieces(_OPENING))


def parsed_argument(text: str) -> Formula:
    """Return the formula of one argument of a resolver.

    Raises:
        InterpolationError: It is malformed, or several.
    """
    parser = _Parser(text)
    found = parser.argument()
    if parser.at != len(text):
        raise InterpolationError(f"{shorten(text)} is not one value")
    return found


def parsed_path(text: str) -> Reference:
    """Return the reference that `a.b[0].c`, `.b` or `..b` is.

    Raises:
        InterpolationError: It is malformed.
    """
    text = text.strip()
    name = text.lstrip(".")
    if not text:
        raise InterpolationError("the reference ${} is empty")
    steps: list[str] = []
    at = 0
    while at < len(name):
        match = _STEP.match(name, at)
        if match is None or (at and match[1] and name[at] != "."):
            raise InterpolationError(f"${{{text[:100]}}} is not a reference")
        steps.append((match[1] or match[2] or "").strip().strip("'\""))
        at = match.end()
    return Reference(tuple(steps), len(text) - len(name))


def argument_value(text: str) -> Any:
    """Return an argument without quotes as the number, boolean or None that it is, else as text."""
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if len(text) < 1000 and _NUMBER.fullmatch(text):
        return int(text)
    if len(text) < 1000 and _FLOAT.fullmatch(text):
        return float(text)
    return text


def _one(parts: list[Formula]) -> Formula:
    """Return the formula of pieces, one after another."""
    if not parts:
        return Constant("")
    return parts[0] if len(parts) == 1 else Joined(tuple(parts))


class _Parser:
    """Parses one text, from `at` on; each method leaves `at` after what it returns."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0

    def pieces(self, special: re.Pattern[str]) -> list[Formula]:
        """Parse text and interpolations, to the end or past a quotation mark.

        Args:
            special: Finds what ends a piece of text.
        """
        parts: list[Formula] = []
        text = ""
        while (match := special.search(self.text, self.at)) is not None:
            before = self.text[self.at : match.start()]
            letters = before.rstrip("\\")
            slashes = len(before) - len(letters)
            text += letters + "\\" * (slashes // 2)
            self.at = match.end()
            if slashes % 2:
                text += match[0]
                continue
            if text:
                parts.append(Constant(text))
                text = ""
            if match[0] != "${":
                return parts
            parts.append(self.interpolation())
        if special is not _OPENING:
            raise InterpolationError("a quotation mark is never closed")
        text += self.text[self.at :]
        self.at = len(self.text)
        return [*parts, Constant(text)] if text else parts

    def interpolation(self) -> Formula:
        """Parse the rest of `${path}` or `${resolver:arguments}`."""
        self.enter()
        parts: list[Formula] = []
        while True:
            head = _HEAD.match(self.text, self.at)
            assert head is not None
            self.at = head.end()
            if head[0]:
                parts.append(Constant(head[0]))
            if not self.skipped("${"):
                break
            parts.append(self.interpolation())
        name = "".join(part.value for part in parts if isinstance(part, Constant))
        is_computed = any(not isinstance(part, Constant) for part in parts)
        found: Formula
        if self.skipped("}"):
            found = Computed(tuple(parts)) if is_computed else parsed_path(name)
        elif not self.skipped(":"):
            letter = self.letter
            words = f"a reference cannot have {letter!r}" if letter else "a ${ is never closed"
            raise InterpolationError(words)
        elif is_computed or _RESOLVER.fullmatch(name.strip()) is None:
            raise InterpolationError(f"{shorten(name.strip())} cannot be the name of a resolver")
        else:
            found = Call(name.strip(), tuple(self.items("}", self.argument)))
        self.depth -= 1
        return found

    def items(self, closing: str, parse: Callable[[], T]) -> list[T]:
        """Parse what is between commas, past `closing`."""
        self.skip_blanks()
        items: list[T] = []
        if self.skipped(closing):
            return items
        while True:
            items.append(parse())
            if self.skipped(closing):
                return items
            if not self.skipped(","):
                letter = self.letter
                words = f"{letter!r} must be in quotes" if letter else f"{closing!r} is missing"
                raise InterpolationError(f"an argument of a resolver is malformed: {words}")

    def argument(self) -> Formula:
        """Parse one argument, and the blanks around it."""
        self.skip_blanks()
        letter = self.letter
        found: Formula
        if letter in _QUOTES:
            self.at += 1
            parts = self.pieces(_QUOTES[letter])
            is_text = all(isinstance(part, Constant) for part in parts)
            found = _one(parts) if is_text else Joined(tuple(parts))
        elif self.skipped("["):
            self.enter()
            found = Listed(tuple(self.items("]", self.argument)))
            self.depth -= 1
        elif self.skipped("{"):
            self.enter()
            found = Mapped(tuple(self.items("}", self.entry)))
            self.depth -= 1
        else:
            return self.plain()
        self.skip_blanks()
        return found

    def entry(self) -> tuple[Any, Formula]:
        """Parse `key: value`."""
        key = _KEY.match(self.text, self.at)
        if key is None:
            raise InterpolationError("an argument of a resolver has a mapping without a key")
        self.at = key.end()
        return argument_value(key[1].strip()), self.argument()

    def plain(self) -> Formula:
        """Parse an argument without quotes, up to what ends it."""
        parts: list[Formula] = []
        text = ""
        kept = 0  # how much of `text` is not to be stripped
        while True:
            if self.skipped("${"):
                if text:
                    parts.append(Constant(text))
                    text, kept = "", 0
                parts.append(self.interpolation())
                continue
            match = _PLAIN.match(self.text, self.at)
            if match is None:
                break
            text += match["text"] or match["escaped"]
            kept = len(text) if match["escaped"] else kept
            self.at = match.end()
        is_escaped = bool(kept)
        text = text[:kept] + text[kept:].rstrip(_BLANKS)
        if not parts:
            return Constant(text if is_escaped else argument_value(text))
        return _one([*parts, Constant(text)] if text else parts)

    @property
    def letter(self) -> str:
        """The next letter; "" at the end."""
        return self.text[self.at : self.at + 1]

    def skipped(self, word: str) -> bool:
        """Return whether a word comes next, and go past it."""
        is_next = self.text.startswith(word, self.at)
        self.at += is_next * len(word)
        return is_next

    def skip_blanks(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in _BLANKS:
            self.at += 1

    def enter(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise InterpolationError(f"it is nested more than {DEEPEST} deep")
