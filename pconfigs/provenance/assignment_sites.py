"""Assignment sites: which statement in a source set an attribute.

As for calls, a statement is found only if the source is what ran.
"""

from __future__ import annotations

import ast
from types import CodeType

from pconfigs.provenance.call_sites import is_believed
from pconfigs.provenance.source_files import Source, source_of


def setting_at(code: CodeType, lasti: int, name: str) -> tuple[Source, ast.expr, ast.expr] | None:
    """Return target and value of the statement at `lasti` that sets `name`, or something inside it.

    None if the source is not what ran, or several statements on the line do.
    """
    source = source_of(code.co_filename)
    line = next((at for start, end, at in code.co_lines() if start <= lasti < end), None)
    if source is None or source.tree is None or line is None:
        return None
    found: list[tuple[ast.expr, ast.expr]] = []
    for index in source.statements_at(line):
        if not is_believed(source, index, code):
            continue
        for node in ast.walk(source.tree.body[index]):
            if isinstance(node, ast.Assign) and node.lineno <= line <= (node.end_lineno or 0):
                found += [(t, node.value) for t in node.targets if name in _attributes_of(t)]
            elif isinstance(node, ast.AugAssign) and node.lineno == line:
                found += [(node.target, node.value)] * (name in _attributes_of(node.target))
    return (source, *found[0]) if len(found) == 1 else None


def _attributes_of(target: ast.expr) -> list[str]:
    """Return the attribute names in `view.part[0].width`."""
    names: list[str] = []
    while isinstance(target, ast.Attribute | ast.Subscript):
        if isinstance(target, ast.Attribute):
            names.append(target.attr)
        target = target.value
    return names
