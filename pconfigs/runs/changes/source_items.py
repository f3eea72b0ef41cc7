"""The parts of a source file that can change what a run does, each with a digest.

Comments, blank lines, docstrings and annotations of types that checkers alone read do not count.
A nested function or a lambda is an item of its own: its body counts where it ran.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from pconfigs.annotations.kinds import is_sequence
from pconfigs.serialization.fingerprint import hex_digest
from pconfigs.syntax import NOT_PYTHON, module_tree

LAMBDA = "<lambda>"
_COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")
LOCALS = ".<locals>."
_BY_VALUE = ("pproperty", "pcheck")
"""Decorators of methods that count by the values they compute, which are part of the config."""
_DEFAULTS = ("pdefaults", "psmoke")
_BUILDERS = ("psweep", "pset", "pmerge", "poverride", "ptransform", "pbroadcast")

FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(slots=True)
class Function:
    """A function, method or lambda.

    Attributes:
        name: Its qualified name at run time.
        line: First line, that of its first decorator; from 1.
        end_line: Last line.
        digest: Of everything in it that counts.
        by_value: Whether it counts by what it computes: a property or check of a config class.
    """

    name: str
    line: int
    end_line: int
    digest: str
    by_value: bool


@dataclass(slots=True)
class ClassBody:
    """A class without the bodies of its methods.

    Attributes:
        line: Its first line.
        methods: First lines of its methods, by name.
        bases: Last parts of the names of its bases.
        digest: Of its bases and statements other than methods.
    """

    line: int
    methods: dict[str, int]
    bases: list[str]
    digest: str


@dataclass(slots=True)
class SourceItems:
    """All that counts in a source file.

    Attributes:
        functions: In the order of their lines.
        classes: By name.
        statements: Digests of top-level statements and their lines, in order.
        imports: What each imported name refers to.
        lines: Of the text.
        problem: Why the text cannot be parsed, or nothing.
    """

    functions: list[Function] = field(default_factory=list[Function])
    classes: dict[str, ClassBody] = field(default_factory=dict[str, ClassBody])
    statements: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    imports: dict[str, str] = field(default_factory=dict[str, str])
    lines: list[str] = field(default_factory=list[str])
    problem: str = ""

    def named(self, name: str) -> list[Function]:
        """Return the functions of a name; several lambdas may have one name."""
        return [function for function in self.functions if function.name == name]

    def has(self, name: str) -> bool:
        """Return whether there is a class or function of a name."""
        return name in self.classes or bool(self.named(name))

    def has_same(self, name: str, other: SourceItems) -> bool:
        """Return whether another file has the same class or function under a name.

        Of a class its bases and statements count; methods are items of their own, and fields of
        configs count by their values.
        """
        if name in self.classes:
            known = other.classes.get(name)
            return known is not None and known.digest == self.classes[name].digest
        digests = {one.digest for one in self.named(name)}
        return bool(digests) and digests == {one.digest for one in other.named(name)}

    def ran(self, name: str, line: int) -> list[Function]:
        """Return the functions that a code object with this name and first line was made of."""
        while name.rpartition(".")[2] in _COMPREHENSIONS:
            name = name.rpartition(LOCALS)[0]
        same = self.named(name)
        exact = [function for function in same if function.line == line]
        return exact or [one for one in same if one.line <= line <= one.end_line]

    def text(self, function: Function) -> list[str]:
        """Return the lines of a function."""
        return self.lines[function.line - 1 : function.end_line]


@lru_cache(maxsize=4096)
def items_of(text: str) -> SourceItems:
    """Return all that counts in the text of a source file."""
    items = SourceItems(lines=text.splitlines())
    reader = _Reader(items)
    try:
        for statement in module_tree(text).body:
            reader.top(statement)
    except NOT_PYTHON as error:
        return SourceItems(problem=str(error))
    items.functions.sort(key=lambda function: function.line)
    return items


class _Reader:
    def __init__(self, items: SourceItems) -> None:
        self.items = items

    def top(self, node: ast.stmt) -> None:
        """Read a statement at the top of a module."""
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self.inner(node, "")
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            self.items.imports.update(_imported(node))
        elif not _is_docstring(node) and not _counts_by_value(node) and not _is_guard(node):
            self.items.statements.append((hex_digest(_text(node).encode()), node.lineno))
            self.inner(node, "")

    def function(self, node: FunctionNode, name: str) -> None:
        """Read a function, and those nested in it."""
        decorators = [] if isinstance(node, ast.Lambda) else node.decorator_list
        line = min([node.lineno, *(one.lineno for one in decorators)])
        self.items.functions.append(
            Function(
                name,
                line,
                node.end_lineno or node.lineno,
                hex_digest(_function_text(node).encode()),
                any(_last_name(one) in _BY_VALUE for one in decorators),
            )
        )
        body = [node.body] if isinstance(node, ast.Lambda) else node.body
        for statement in body:
            self.inner(statement, f"{name}{LOCALS}")

    def class_body(self, node: ast.ClassDef, name: str) -> None:
        """Read a class, its methods, and what is nested in it."""
        is_config = any(_last_name(one) == "pconfig" for one in node.decorator_list)
        methods: dict[str, int] = {}
        rest = [_text(one) for one in (*node.bases, *node.keywords, *node.decorator_list)]
        for statement in node.body:
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                methods[statement.name] = statement.lineno
            elif not isinstance(statement, ast.ClassDef):
                if _is_docstring(statement) or (is_config and _is_field(statement)):
                    continue
                rest.append(_text(statement))
            self.inner(statement, f"{name}.")
        bases = [_last_name(base) for base in node.bases]
        digest = hex_digest("\n".join(rest).encode())
        self.items.classes[name] = ClassBody(node.lineno, methods, bases, digest)

    def inner(self, node: ast.AST, start: str) -> None:
        """Read the function or class that a node is, or those that are nested in it."""
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.function(node, f"{start}{node.name}")
        elif isinstance(node, ast.Lambda):
            self.function(node, f"{start}{LAMBDA}")
        elif isinstance(node, ast.ClassDef):
            self.class_body(node, f"{start}{node.name}")
        else:
            for one in ast.iter_child_nodes(node):
                self.inner(one, start)


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    start = ""
    if isinstance(node, ast.ImportFrom):
        start = f"{'.' * node.level}{node.module or ''}."
    for name in node.names:
        yield name.asname or name.name.partition(".")[0], f"{start}{name.name}"


def _is_docstring(node: ast.stmt) -> bool:
    """Return whether a statement is a string alone, wherever it is: nothing reads it."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _is_guard(node: ast.stmt) -> bool:
    """Return whether a statement is for type checkers or for starting the file as a script."""
    if isinstance(node, ast.Assign):
        targets = [one.id for one in node.targets if isinstance(one, ast.Name)]
        return targets == ["TYPE_CHECKING"]
    if not isinstance(node, ast.If):
        return False
    if isinstance(node.test, ast.Compare) and isinstance(node.test.left, ast.Name):
        return node.test.left.id == "__name__"
    return _last_name(node.test) == "TYPE_CHECKING" and not node.orelse


def _counts_by_value(node: ast.stmt) -> bool:
    """Return whether a top-level statement only builds configs, which count by their values."""
    if isinstance(node, ast.AugAssign):
        return _last_name(node.target) in _DEFAULTS
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return _last_name(node.value.func) in _DEFAULTS
    if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Call):
        name = _last_name(node.value.func)
        return name.endswith("Config") or name in _BUILDERS
    return False


def _is_field(node: ast.stmt) -> bool:
    return isinstance(node, ast.AnnAssign) and node.value is None


def _last_name(node: ast.AST) -> str:
    """Return the last part of a dotted name, of what is called or subscripted."""
    while isinstance(node, (ast.Call, ast.Subscript)):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _function_text(node: FunctionNode) -> str:
    """Return what counts of a function: its arguments, decorators and body."""
    if isinstance(node, ast.Lambda):
        return f"lambda {_text(node.args)}: {_text(node.body)}"
    body = [_text(statement) for statement in node.body if not _is_docstring(statement)]
    kind = type(node).__name__
    return "\n".join([kind, _text(node.args), *map(_text, node.decorator_list), *body])


def _text(node: ast.AST) -> str:
    """Return a node as text, without positions and without the bodies of nested functions."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        inside: Sequence[ast.AST] = (node.args, *node.decorator_list)
        return f"def {node.name}({', '.join(map(_text, inside))})"
    if isinstance(node, ast.Lambda):
        return f"lambda {_text(node.args)}"
    if isinstance(node, ast.arg):
        return node.arg  # its annotation does not count
    if isinstance(node, ast.Constant):
        return repr(node.value)
    fields: list[str] = []
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            fields.append(f"{name}={_text(value)}")
        elif is_sequence(value):
            items = [
                _text(one) if isinstance(one, ast.AST) else repr(one)
                for one in value
                if not (isinstance(one, ast.stmt) and _is_docstring(one))
            ]
            fields.append(f"{name}=[{', '.join(items)}]")
        elif value is not None and name not in ("type_comment", "kind"):
            fields.append(f"{name}={value!r}")
    return f"{type(node).__name__}({', '.join(fields)})"
