"""Interpolations: the text `${mul:${model.dim},4}` as a formula.

The grammar is that of OmegaConf 2.3. Nothing is looked up and nothing is called here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pconfigs.errors.formatting import shorten

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
    parts, _ = _Parser(text).pieces(0, _OPENING)
    if not parts:
        return Constant("")
    return parts[0] if len(parts) == 1 else Joined(tuple(parts))


def parsed_argument(text: str) -> Formula:
    """Return the formula of one argument of a resolver.

    Raises:
        InterpolationError: It is malformed, or several.
    """
    found, end = _Parser(text).argument(0)
    if end != len(text):
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


class _Parser:
    """Parse one text; each method takes the start and returns what it found and the end."""

    def __init__(self, text: str) -> None:
        self.text, self.depth = text, 0

    def pieces(self, at: int, special: re.Pattern[str]) -> tuple[list[Formula], int]:
        """Parse text and interpolations, to the end or past a quotation mark.

        Args:
            at: The start.
            special: Finds what ends a piece of text.
        """
        parts: list[Formula] = []
        text = ""
        while (match := special.search(self.text, at)) is not None:
            before = self.text[at : match.start()]
            letters = before.rstrip("\\")
            slashes = len(before) - len(letters)
            text += letters + "\\" * (slashes // 2)
            at = match.end()
            if slashes % 2:
                text += match[0]
                continue
            if text:
                parts.append(Constant(text))
                text = ""
            if match[0] != "${":
                return parts, at
            part, at = self.interpolation(at)
            parts.append(part)
        if special is not _OPENING:
            raise InterpolationError("a quotation mark is never closed")
        text += self.text[at:]
        return [*parts, Constant(text)] if text else parts, len(self.text)

    def interpolation(self, at: int) -> tuple[Formula, int]:
        """Parse the rest of `${path}` or `${resolver:arguments}`."""
        self.enter()
        parts: list[Formula] = []
        while True:
            head = _HEAD.match(self.text, at)
            assert head is not None
            at = head.end()
            if head[0]:
                parts.append(Constant(head[0]))
            if not self.text.startswith("${", at):
                break
            part, at = self.interpolation(at + 2)
            parts.append(part)
        letter = self.text[at : at + 1]
        if letter not in ("}", ":"):
            words = f"a reference cannot have {letter!r}" if letter else "a ${ is never closed"
            raise InterpolationError(words)
        name = "".join(part.value for part in parts if isinstance(part, Constant))
        is_computed = any(not isinstance(part, Constant) for part in parts)
        found: Formula
        if letter == "}":
            found, at = Computed(tuple(parts)) if is_computed else parsed_path(name), at + 1
        elif is_computed or _RESOLVER.fullmatch(name.strip()) is None:
            raise InterpolationError(f"{shorten(name.strip())} cannot be the name of a resolver")
        else:
            arguments, at = self.items(at + 1, "}")
            found = Call(name.strip(), tuple(arguments))
        self.depth -= 1
        return found, at

    def items(self, at: int, closing: str) -> tuple[list[Formula], int]:
        """Parse arguments between commas, past `closing`."""
        at = self.after_blanks(at)
        if self.text.startswith(closing, at):
            return [], at + 1
        items: list[Formula] = []
        while True:
            item, at = self.argument(at)
            items.append(item)
            at, is_last = self.after_item(at, closing)
            if is_last:
                return items, at

    def after_item(self, at: int, closing: str) -> tuple[int, bool]:
        """Return the place after a comma or `closing`, and whether it was `closing`."""
        letter = self.text[at : at + 1]
        if letter not in (",", closing):
            words = f"{letter!r} must be in quotes" if letter else f"{closing!r} is missing"
            raise InterpolationError(f"an argument of a resolver is malformed: {words}")
        return at + 1, letter == closing

    def argument(self, at: int) -> tuple[Formula, int]:
        """Parse one argument, and the blanks around it."""
        at = self.after_blanks(at)
        letter = self.text[at : at + 1]
        found: Formula
        if letter in _QUOTES:
            parts, at = self.pieces(at + 1, _QUOTES[letter])
            is_text = not parts or (len(parts) == 1 and isinstance(parts[0], Constant))
            found = (parts or [Constant("")])[0] if is_text else Joined(tuple(parts))
        elif letter == "[":
            self.enter()
            items, at = self.items(at + 1, "]")
            found = Listed(tuple(items))
            self.depth -= 1
        elif letter == "{":
            self.enter()
            found, at = self.mapping(at + 1)
            self.depth -= 1
        else:
            return self.plain(at)
        return found, self.after_blanks(at)

    def mapping(self, at: int) -> tuple[Formula, int]:
        """Parse `key: value` between commas, past the brace."""
        at = self.after_blanks(at)
        if self.text.startswith("}", at):
            return Mapped(()), at + 1
        items: list[tuple[Any, Formula]] = []
        while True:
            key = _KEY.match(self.text, at)
            if key is None:
                raise InterpolationError("an argument of a resolver has a mapping without a key")
            value, at = self.argument(key.end())
            items.append((argument_value(key[1].strip()), value))
            at, is_last = self.after_item(at, "}")
            if is_last:
                return Mapped(tuple(items)), at

    def plain(self, at: int) -> tuple[Formula, int]:
        """Parse an argument without quotes, up to what ends it."""
        parts: list[Formula] = []
        text = ""
        kept = 0  # how much of `text` is not to be stripped
        while True:
            if self.text.startswith("${", at):
                if text:
                    parts.append(Constant(text))
                    text, kept = "", 0
                part, at = self.interpolation(at + 2)
                parts.append(part)
                continue
            match = _PLAIN.match(self.text, at)
            if match is None:
                break
            text += match["text"] or match["escaped"]
            kept = len(text) if match["escaped"] else kept
            at = match.end()
        is_escaped = bool(kept)
        text = text[:kept] + text[kept:].rstrip(_BLANKS)
        if not parts:
            return Constant(text if is_escaped else argument_value(text)), at
        if text:
            parts.append(Constant(text))
        return parts[0] if len(parts) == 1 else Joined(tuple(parts)), at

    def after_blanks(self, at: int) -> int:
        """Return the index of the next letter that is not blank."""
        while at < len(self.text) and self.text[at] in _BLANKS:
            at += 1
        return at

    def enter(self) -> None:
        """Count what is nested."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise InterpolationError(f"it is nested more than {DEEPEST} deep")
