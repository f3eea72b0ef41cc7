"""Source text: quotes in annotations, the names in a text, those that only type checkers see."""

from __future__ import annotations

import ast
import linecache
import sys
from collections.abc import Iterator

from pconfigs.annotations.scopes import Scope
from pconfigs.syntax import NOT_PYTHON, expression_tree, module_tree


def without_quotes(text: str) -> str:
    """Return an annotation with the quotes around types in it removed.

    `"Node" | None` is what type checkers understand, and nothing that Python can compute. What is
    in the brackets of `Literal`, and the metadata of `Annotated`, keeps its quotes.
    """
    tree = expression_tree(text.strip())
    return ast.unparse(_Unquoting().visit(tree))


class _Unquoting(ast.NodeTransformer):
    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        name = getattr(node.value, "attr", getattr(node.value, "id", ""))
        if name == "Literal":
            return node
        if name == "Annotated" and isinstance(node.slice, ast.Tuple):
            first = self.visit(node.slice.elts[0])
            node.slice.elts = [first, *node.slice.elts[1:]]
            return node
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if not isinstance(node.value, str):
            return node
        inner: ast.AST = self.visit(expression_tree(node.value.strip()).body)
        return inner


def names_in(text: str) -> list[str]:
    """Return the names that an annotation mentions, those inside quotes included."""
    try:
        tree = expression_tree(without_quotes(text))
    except SyntaxError:
        return []
    return [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]


def names_for_checkers(scope: Scope, owner: type) -> set[str]:
    """Return names that the source of `owner`'s module binds under `if TYPE_CHECKING:`."""
    module = sys.modules.get(owner.__module__)
    filename = scope.globals.get("__file__") or getattr(module, "__file__", None)
    if scope.frames:
        filename = scope.frames[0].f_code.co_filename
    if not filename:
        return set()
    try:
        tree = module_tree("".join(linecache.getlines(filename, dict(scope.globals))))
    except NOT_PYTHON:
        return set()
    return {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and _asks_type_checking(node.test)
        for statement in node.body
        for name in _bound_by(statement)
    }


def _asks_type_checking(test: ast.expr) -> bool:
    return getattr(test, "id", getattr(test, "attr", None)) == "TYPE_CHECKING"


def _bound_by(statement: ast.stmt) -> Iterator[str]:
    for node in ast.walk(statement):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                yield alias.asname or alias.name.partition(".")[0]
        elif isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
