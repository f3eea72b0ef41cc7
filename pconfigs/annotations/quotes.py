"""Quotes in annotations: types written as strings, and the names that a text mentions."""

from __future__ import annotations

import ast

from pconfigs.syntax import expression_tree


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
