r"""Syntax of Python code, read by one thread at a time and without warnings.

CPython 3.11 counts how deep syntax trees are nested in one place for all threads: two that make
trees at once can fail with SystemError (https://github.com/python/cpython/issues/106905).

The compiler warns of `"\d"` or `1if`. An import of the code shows that warning; reading it
again to look something up must not repeat it, under another name of the file.
"""

from __future__ import annotations

from pconfigs.deferred import thread_lock

TYPE_CHECKING = False  # ast is loaded with the first text
if TYPE_CHECKING:
    import ast
    from types import CodeType
    from typing import Any

NOT_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What the parser of Python raises for a text that is not Python, or is nested too deeply."""

ONLY_AST = 0x400  # ast.PyCF_ONLY_AST
_lock = thread_lock()  # a finalizer that runs meanwhile may read code, too


def _compiled(
    source: str | bytes | ast.Module, file: str = "<text>", mode: str = "exec", flags: int = 0
) -> Any:
    """Return what `compile` makes of a source, under the `__future__` of `flags` alone.

    Raises:
        SyntaxError: The source is not Python.
    """
    import warnings  # like ast, with the first text

    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compile(source, file, mode, flags, dont_inherit=True)


def module_code(source: str | ast.Module, file: str, flags: int = 0) -> CodeType:
    """Return the code of a module, which goes by the name of a file.

    Raises:
        SyntaxError: The source is not Python.
    """
    code: CodeType = _compiled(source, file, flags=flags)
    return code


def module_tree(text: str | bytes) -> ast.Module:
    """Return the syntax tree of a module.

    Raises:
        SyntaxError: The text is not Python.
    """
    tree: ast.Module = _compiled(text, flags=ONLY_AST)
    return tree


def expression_tree(text: str) -> ast.Expression:
    """Return the syntax tree of an expression.

    Raises:
        SyntaxError: The text is not one.
    """
    tree: ast.Expression = _compiled(text, mode="eval", flags=ONLY_AST)
    return tree


def literal_value(text: str) -> Any:
    """Return the value of a Python literal.

    Raises:
        ValueError: The text is an expression of another kind.
        SyntaxError: The text is not an expression.
    """
    from ast import literal_eval

    return literal_eval(expression_tree(text.lstrip(" \t")))
