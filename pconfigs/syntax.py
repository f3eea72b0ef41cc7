"""Syntax of Python code, read by one thread at a time.

CPython 3.11 counts how deep syntax trees are nested in one place for all threads: two that make
trees at once can fail with SystemError (https://github.com/python/cpython/issues/106905).
"""

from __future__ import annotations

from _thread import RLock

TYPE_CHECKING = False  # ast is loaded with the first text
if TYPE_CHECKING:
    import ast
    from typing import Any

NOT_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What the parser of Python raises for a text that is not Python, or is nested too deeply."""

_lock = RLock()  # a finalizer that runs meanwhile may read code, too


def module_tree(text: str | bytes) -> ast.Module:
    """Return the syntax tree of a module.

    Raises:
        SyntaxError: The text is not Python.
    """
    from ast import parse

    with _lock:
        return parse(text)


def expression_tree(text: str) -> ast.Expression:
    """Return the syntax tree of an expression.

    Raises:
        SyntaxError: The text is not one.
    """
    from ast import parse

    with _lock:
        return parse(text, mode="eval")


def literal_value(text: str) -> Any:
    """Return the value of a Python literal.

    Raises:
        ValueError: The text is an expression of another kind.
        SyntaxError: The text is not an expression.
    """
    from ast import literal_eval

    with _lock:
        return literal_eval(text)
