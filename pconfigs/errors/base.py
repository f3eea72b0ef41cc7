"""The base of all errors, the error for what is not installed, and errors in notebooks."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def without_controls(text: str) -> str:
    """Return a text with its control characters escaped, but for line breaks and tabs."""
    if text.isprintable() or text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return "".join(
        letter if letter.isprintable() or letter in "\n\t" else _escaped(letter) for letter in text
    )


def _escaped(letter: str) -> str:
    # Spaces of other scripts do no harm; they count as not printable, too.
    return (
        letter
        if letter.isspace() and ord(letter) > 0xA0 and letter not in "\u2028\u2029"
        else (ascii(letter)[1:-1])
    )


def with_hints(headline: str, *hints: str) -> str:
    """Return a message: its headline, and each hint that there is on an indented line below."""
    return "\n    ".join([headline, *filter(None, hints)])


class Problem:
    """One thing that is wrong, of all those that an error reports together.

    Attributes:
        path: Where it is: a path in a config, a place in a file, a word of a command line, the
            name of an argument; "" for the whole.
        message: What is wrong.
        hint: What to do about it, or "".
        place: The file and line, such as `conf.yaml:3`, where the path does not have it; or "".
    """

    __slots__ = ("hint", "message", "path", "place")

    def __init__(self, path: str, message: str, hint: str = "") -> None:
        # A key of a file may have line breaks, which would pass for lines of the message.
        self.path = path.replace("\n", "\\n").replace("\t", "\\t")
        self.message, self.hint, self.place = message, hint, ""

    @property
    def where(self) -> str:
        """Where it is, as the message has it."""
        return ": ".join(filter(None, (self.place, self.path)))

    def __str__(self) -> str:
        return with_hints(": ".join(filter(None, (self.where, self.message))), self.hint)


class PConfigError(Exception):
    """Base of every error of this library.

    Args:
        message: What is wrong; its first line is the headline.
        hints: What to do about it, a line for each that is not empty.
        others: What the class of Python takes that an error also is.
    """

    __module__ = "pconfigs.errors"

    def __init__(self, message: str, *hints: str, **others: Any) -> None:
        super().__init__(with_hints(message, *hints), **others)

    def __init_subclass__(cls) -> None:
        # Where it can be imported from, which a traceback shows.
        if cls.__module__.startswith("pconfigs.errors."):
            cls.__module__ = "pconfigs.errors"

    def __str__(self) -> str:
        # Whatever a file or a command line has put into a message, no terminal obeys it.
        return without_controls(super().__str__())

    def _render_traceback_(self) -> list[str]:
        """Return the lines that IPython and Jupyter show: the user's frames and the message."""
        # In notebooks alone: it loads re.
        from pconfigs.errors.tracebacks import notebook_lines

        return notebook_lines(self)

    def __reduce__(self) -> Any:
        # Another process gets the words; facts may be classes and values that do not travel.
        return (rebuild_error, (type(self), str(self)))


def rebuild_error(error_class: type[PConfigError], words: str) -> PConfigError:
    """Return an error of the class with the message `words`; unpickling calls it."""
    error = error_class.__new__(error_class)
    error.args = (words,)
    return error


class MissingExtraError(PConfigError, ImportError):
    """Something optional is not installed.

    Attributes:
        package: What is missing.
        extra: The extra of this library that brings it.
    """

    def __init__(self, package: str, extra: str, purpose: str, advice: str = "") -> None:
        self.package, self.extra = package, extra
        # Quoted, as zsh takes brackets for a pattern.
        advice = advice or f"pip install 'pconfigs[{extra}]'"
        super().__init__(f"{purpose} needs {package}, which is not installed", advice)


def show_as_users(error: BaseException) -> None:
    """Make IPython and Jupyter show an exception of the user's code without library frames.

    The library calls it where code of the user that it has called raises. IPython formats what
    is left, with the colors and the context lines of any other traceback.
    """
    if "IPython" in sys.modules:
        from functools import partial

        # In IPython alone.
        from pconfigs.errors.tracebacks import shell_lines

        # Past __setattr__, which an exception class may have made its own.
        error.__dict__.setdefault("_render_traceback_", partial(shell_lines, error))
