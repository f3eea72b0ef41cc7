"""The scanner for brackets and quotes in Python-like text."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def always(text: str, index: int, depth: int) -> bool:
    """Return that a quote starts a string wherever it is: Python code."""
    return True


def in_brackets(text: str, index: int, depth: int) -> bool:
    """Return whether a quote starts a string: in brackets alone. Elsewhere it is an apostrophe."""
    return depth > 0


def outside_brackets(
    text: str, start: int = 0, starts_string: Callable[[str, int, int], bool] = always
) -> Iterator[tuple[int, str]]:
    """Yield index and letter of what is in neither brackets nor strings, from `start` on.

    Brackets that open are not yielded; one that closes is, where none was opened after `start`.

    Args:
        text: The text.
        start: The first index that is looked at.
        starts_string: Whether the quote at an index starts a string, by text, index and depth.
    """
    quote, depth, index = "", 0, start
    while index < len(text):
        letter = text[index]
        if quote:
            if letter == "\\":
                index += 1
            elif letter == quote:
                quote = ""
        elif letter in "'\"" and starts_string(text, index, depth):
            quote = letter
        elif letter in "[({":
            depth += 1
        elif letter in "])}" and depth:
            depth -= 1
        elif not depth:
            yield index, letter
        index += 1
