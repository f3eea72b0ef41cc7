"""Assignments: `path=text`, `path+=text` and `path-=text`, as typed on a command line."""

from __future__ import annotations

from pconfigs.errors.formatting import in_brackets, outside_brackets
from pconfigs.tree.paths import Path, parse_path


class Assignment:
    """One word that sets something.

    Attributes:
        word: As it was typed.
        left: The text before the sign.
        sign: `=`, `+=` or `-=`.
        text: The text after it.
        adds, removes, changes: Whether the sign is `+=`, is `-=`, is one of these.
    """

    __slots__ = ("adds", "changes", "left", "removes", "sign", "text", "word")

    def __init__(self, word: str, left: str, sign: str, text: str) -> None:
        self.word, self.left, self.sign, self.text = word, left, sign, text
        self.adds, self.removes, self.changes = sign == "+=", sign == "-=", sign != "="

    @property
    def path(self) -> Path:
        """Where it sets something; `blocks.2.width` is `blocks[2].width`.

        Raises:
            PathError: `left` is not a path.
        """
        return parse_path(with_brackets(self.left))

    def __repr__(self) -> str:
        return f"<assignment {self.word}>"


def assignment(word: str) -> Assignment | None:
    """Return the assignment in an argument; None if it has no `=` or begins unlike a path."""
    at = outside_of_brackets(word, "=")
    if not at or not (word[0].isalpha() or word[0] == "_"):
        return None
    start = at - 1 if word[at - 1] in "+-" else at
    return Assignment(word, word[:start], word[start : at + 1], word[at + 1 :])


def outside_of_brackets(text: str, wanted: str, start: int = 0) -> int:
    """Return the index of the first `wanted` outside of brackets and quotes; 0 if none."""
    outside = outside_brackets(text, start, in_brackets)
    return next((index for index, letter in outside if letter == wanted), 0)


def with_brackets(left: str) -> str:
    """Return a path in which items may be written with dots, with brackets around them."""
    parts: list[str] = []
    rest = left
    while rest:
        dot = outside_of_brackets(rest, ".")
        part, rest = (rest[:dot], rest[dot + 1 :]) if dot else (rest, "")
        name, bracket, inside = part.partition("[")
        if parts and name.removeprefix("-").isdecimal() and name.isascii():
            parts.append(f"[{name}]{bracket}{inside}")
        else:
            parts.append(f".{part}" if parts else part)
        if dot and not rest:
            parts.append(".")
    return "".join(parts)
