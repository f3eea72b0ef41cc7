"""Documentation of the fields of a config class, as the source has it.

In this order: `Annotated[..., Doc("…")]`, the string below a field, the comment at the end of its
line, the comment above it, and the docstring of its property.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable
from inspect import cleandoc

from pconfigs.provenance.source_files import Source, source_of
from pconfigs.schema.class_schema import schema_of
from pconfigs.schema.fields import Field

# Comments that start with one of these are for tools.
FOR_TOOLS = ("type:", "noqa", "fmt:", "pragma", "pyright:", "mypy:", "pylint:", "ruff:", "isort:")


def class_doc(cls: type) -> str:
    """Return the docstring of a config class, or that of the nearest ancestor with one."""
    for part in cls.__mro__:
        text = vars(part).get("__doc__")
        if text and part is not object and "__pconfig_schema__" in vars(part):
            # The one that dataclasses generate for a class without one is its signature.
            return "" if text.startswith(f"{part.__name__}(") else cleandoc(text)
    return ""


def field_docs(cls: type) -> dict[str, str]:
    """Return the documentation of the fields that have any; that of ancestors comes first."""
    found: dict[str, str] = {}
    for schema in schema_of(cls).lineage:
        found.update(written_docs(schema.cls, _file_of(schema.cls), schema.declared.names))
    for name, field in schema_of(cls).fields.items():
        said = _doc_of_hint(field)
        if said:
            found[name] = said
        elif name not in found and field.property is not None:
            text = field.property.function.__doc__
            if text:
                found[name] = cleandoc(text)
    return found


def _doc_of_hint(field: Field) -> str:
    """Return the text of a `Doc` in the annotation, recognized by the name of its class."""
    for hint in (field.hint, getattr(field.annotation, "argument", None), field.annotation):
        for one in getattr(hint, "__metadata__", ()):
            if type(one).__name__ == "Doc" and isinstance(getattr(one, "documentation", 0), str):
                return cleandoc(one.documentation)
    return ""


def written_docs(cls: type, file: str, names: Iterable[str]) -> dict[str, str]:
    """Return the documentation of fields in the body of a class, by name.

    Args:
        cls: The class; its fields need not be those of a config.
        file: Where it is declared.
        names: Names that its body annotates.
    """
    source = source_of(file) if file else None
    body = _body_of(source, cls, set(names)) if source is not None else None
    if source is None or body is None:
        return {}
    found: dict[str, str] = {}
    for at, statement in enumerate(body):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            following = body[at + 1] if at + 1 < len(body) else None
            start = (body[at - 1].end_lineno or 0) if at else 0
            said = _text_below(following) or _after(source, statement)
            said = said or _above(source, statement, start)
            if said:
                found[statement.target.id] = said
    return found


def _file_of(cls: type) -> str:
    for value in vars(cls).values():
        function = getattr(value, "function", value)
        code = getattr(function, "__code__", None)
        if code is not None and getattr(function, "__module__", None) == cls.__module__:
            if not code.co_filename.startswith("<") or "pconfig" not in code.co_filename:
                name: str = code.co_filename
                return name
    return getattr(sys.modules.get(cls.__module__), "__file__", None) or ""


def _body_of(source: Source, cls: type, wanted: set[str]) -> list[ast.stmt] | None:
    """Return the statements of a class; of several of its name, of the one with its fields."""
    if source.tree is None:
        return None
    best: list[ast.stmt] | None = None
    pending: list[tuple[ast.AST, str]] = [(source.tree, "")]
    for node, prefix in pending:
        for child in ast.iter_child_nodes(node):
            inner = prefix
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                inner = f"{prefix}{child.name}.<locals>."
            elif isinstance(child, ast.ClassDef):
                inner = f"{prefix}{child.name}."
                names = {getattr(getattr(s, "target", None), "id", None) for s in child.body}
                if inner == f"{cls.__qualname__}." and wanted <= names:
                    best = child.body
            if isinstance(child, (ast.stmt, ast.ExceptHandler)):
                pending.append((child, inner))
    return best


def _text_below(statement: ast.stmt | None) -> str:
    value = getattr(getattr(statement, "value", None), "value", None)
    is_text = type(statement).__name__ == "Expr" and isinstance(value, str)
    return cleandoc(str(value)) if is_text else ""


def _after(source: Source, statement: ast.stmt) -> str:
    line = source.line(statement.end_lineno or 0) or ""
    rest = line[source.column(statement.end_lineno, statement.end_col_offset) :].strip()
    return _comment(rest)


def _above(source: Source, statement: ast.stmt, after: int) -> str:
    """Return the comment lines directly above a statement, if they belong to it alone."""
    found: list[str] = []
    number = statement.lineno - 1
    while number > after:
        line = (source.line(number) or "").strip()
        said = _comment(line)
        if not line.startswith("#"):
            break
        if said:
            found.append(said)
        number -= 1
    return " ".join(reversed(found))


def _comment(text: str) -> str:
    """Return the words of a comment; nothing if they are for tools, or a line of signs."""
    words = text.lstrip("#:").strip()
    if not text.startswith("#") or words.startswith(FOR_TOOLS):
        return ""
    return words if any(letter.isalnum() for letter in words) else ""
