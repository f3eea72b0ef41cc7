"""Texts of a source as comments and docstrings: nothing in them becomes code."""

from __future__ import annotations

import textwrap

from pconfigs.errors.base import without_controls

MARK = "# adopt:"
"""The beginning of a line that is left to decide."""
WIDTH = 80


def comment(words: str, start: str = "#") -> str:
    """Return words as a comment of one line."""
    line = without_controls(words.replace("\n", " "))
    return f"{start} {line}".rstrip()


def docstring(text: str) -> str:
    """Return a docstring: a sentence on one line, or lines that fit."""
    wrapped = [
        part
        for line in text.split("\n")
        for part in textwrap.wrap(line, WIDTH, break_long_words=False) or [""]
    ]
    plain = "\n".join(wrapped).replace('"""', "'''")
    plain = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in plain)
    if plain.endswith('"'):
        plain = f"{plain} "
    prefix = "r" if "\\" in plain and not plain.endswith("\\") else ""
    if not prefix:
        plain = plain.replace("\\", "\\\\")
    return f'{prefix}"""{plain}"""' if "\n" not in plain else f'{prefix}"""{plain}\n"""'
