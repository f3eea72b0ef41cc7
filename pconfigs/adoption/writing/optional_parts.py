"""Experiments that inherit from parts which may be None, or of another class, for type checkers."""

from __future__ import annotations

import ast
from typing import Any

from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.syntax import module_tree
from pconfigs.validation.base import UnionValidator

NOTE = '# mypy: disable-error-code="arg-type,index,union-attr"\n'
"""The config at hand has the part; its type may be one of several."""


def with_note(text: str, base: Any) -> str:
    """Return the text of an experiment, with the note where it reads such a part of its base."""
    module = module_tree(text)
    name = next(
        one.asname
        for node in module.body
        if isinstance(node, ast.ImportFrom)
        for one in node.names
        if one.name == "config"
    )
    if not any(_is_unsure(node, name, base) for node in ast.walk(module)):
        return text
    doc = module.body[0]
    lines = text.splitlines(keepends=True)
    return "".join([*lines[: doc.end_lineno], f"\n{NOTE}", *lines[doc.end_lineno :]])


def _is_unsure(node: ast.AST, name: str | None, base: Any) -> bool:
    """Return whether an expression reads a part of the base whose field has a type of several."""
    steps: list[Any] = []
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        steps.append(node.attr if isinstance(node, ast.Attribute) else None)
        node = node.value
    if not steps or not isinstance(node, ast.Name) or node.id != name:
        return False
    value = base
    for step in reversed(steps):
        if step is None or not is_config(value):
            return False  # types of items are those of their list, which has been seen
        if isinstance(schema_of(value).fields[step].validator, UnionValidator):
            return True
        value = getattr(value, step)
    return False
