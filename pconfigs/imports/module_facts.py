"""Facts of one Python file, read from its source: classes, experiments and imports, as plain data.

They hold wherever the file is and whatever is around it, so that a cache can keep them. What a name
in them means, source_index.py finds out.
"""

from __future__ import annotations

import ast
import tokenize
from typing import Any, TypeAlias

from pconfigs.atomic_files import regular
from pconfigs.syntax import NOT_PYTHON, expression_tree, module_tree

Facts: TypeAlias = dict[str, Any]
"""Plain data, which a cache file keeps."""

KEYED = {"list", "tuple", "dict", "List", "Tuple", "Dict", "Sequence", "Mapping"}


def facts_of(path: str) -> Facts:
    """Return what the source of a file defines at its top.

    `imports` has the module and the name that each name is imported from, `stars` the modules that
    all is imported from, with the dots of relative ones; `classes` and `calls` have what names are
    given. Of a file that is not Python they are empty, and `unread` has the reason.

    Raises:
        OSError: The file cannot be read.
    """
    try:
        with open(path, "rb", opener=regular) as opened:
            # As Python reads it: with a byte order mark, or in the encoding that it names.
            encoding, lines = tokenize.detect_encoding(opened.readline)
            text = (b"".join(lines) + opened.read()).decode(encoding)
        return _Reading(text).facts
    except NOT_PYTHON as error:
        nothing: Facts = {"imports": {}, "stars": [], "classes": {}, "calls": {}}
        return {**nothing, "unread": _reason(error)}


def _reason(error: Exception) -> str:
    if isinstance(error, SyntaxError):
        return f"line {error.lineno}: {error.msg}" if error.lineno else str(error.msg)
    if isinstance(error, (RecursionError, MemoryError)):
        return "it is nested too deeply"
    return "it is not UTF-8" if isinstance(error, UnicodeError) else str(error)


class _Reading:
    """One reading of the statements at the top of a module."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        tree = module_tree(text)
        self._about = _first_line(ast.get_docstring(tree) or "")
        self._imports: dict[str, tuple[str, str]] = {}
        self._stars: list[str] = []
        self._classes: dict[str, Any] = {}
        self._calls: dict[str, Any] = {}
        self.facts: Facts = {
            "imports": self._imports,
            "stars": self._stars,
            "classes": self._classes,
            "calls": self._calls,
        }
        self._note_all(tree.body)

    def _note_all(self, body: list[ast.stmt]) -> None:
        for at, statement in enumerate(body):
            self._note(statement, body[at + 1] if at + 1 < len(body) else None)
            if isinstance(statement, (ast.If, ast.Try, ast.With)):
                for part in ("body", "orelse", "finalbody"):
                    self._note_all(getattr(statement, part, []))
                for handler in getattr(statement, "handlers", []):
                    self._note_all(handler.body)

    def _note(self, statement: ast.stmt, following: ast.stmt | None) -> None:
        if isinstance(statement, ast.ClassDef):
            self._classes[statement.name] = _class_facts(statement)
        elif isinstance(statement, ast.Import):
            for alias in statement.names:
                self._imports[alias.asname or alias.name] = (alias.name, "")
        elif isinstance(statement, ast.ImportFrom):
            source = "." * statement.level + (statement.module or "")
            for alias in statement.names:
                if alias.name == "*":
                    self._stars.append(source)
                else:
                    self._imports[alias.asname or alias.name] = (source, alias.name)
        elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            self._note_value(names, statement, following)

    def _note_value(
        self, names: list[str], statement: ast.Assign | ast.AnnAssign, following: ast.stmt | None
    ) -> None:
        value = statement.value
        loaded = loaded_config(value)
        if loaded is not None:
            self._imports.update(dict.fromkeys(names, loaded))
        value = _joined(value) if isinstance(value, ast.BinOp) else value
        if names and isinstance(value, ast.Call):
            call = _call_facts(value)
            call["line"] = statement.lineno
            call["about"] = self._about_of(statement, following)
            self._calls.update(dict.fromkeys(names, call))

    def _about_of(self, statement: ast.stmt, following: ast.stmt | None) -> str:
        """Return the text below a statement, the comment above it, or that of the module."""
        if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            if isinstance(following.value.value, str):
                return _first_line(following.value.value)
        above: list[str] = []
        for line in reversed(self._lines[: statement.lineno - 1]):
            if not line.startswith("#"):
                break
            above.append(line.lstrip("# "))
        return above[-1] if above else self._about


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]


def _joined(node: ast.expr) -> ast.expr:
    """Return `one + other` as the call of psweep that makes the points of both sweeps."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Add):
        return node
    args: list[ast.expr] = []
    keywords: list[ast.keyword] = []
    for side in map(_joined, (node.left, node.right)):
        args += side.args if isinstance(side, ast.Call) else [side]
        keywords += side.keywords if isinstance(side, ast.Call) else []
    return ast.Call(ast.Name("psweep", ast.Load()), args, keywords)


def _class_facts(node: ast.ClassDef) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    computed: set[str] = set()
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            fields[statement.target.id] = _field_facts(statement.annotation)
        elif isinstance(statement, ast.FunctionDef):
            if any(_called(one).endswith("pproperty") for one in statement.decorator_list):
                computed.add(statement.name)
    for name in computed:
        # Without an annotation a property is pinned; with one it may complete what it is given.
        said = fields.setdefault(name, {"names": [], "choices": [], "pinned": True, "keyed": False})
        if said is not None:
            said["computed"] = True
    is_config = any(_last(_called(one)) == "pconfig" for one in node.decorator_list)
    bases = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
    return {
        "config": is_config,
        "bases": [_dotted(base) for base in bases],
        "fields": {name: said for name, said in fields.items() if said is not None},
    }


def _field_facts(annotation: ast.expr) -> dict[str, Any] | None:
    """Return the names and choices in an annotation, and whether code gives the value."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = expression_tree(annotation.value).body
        except NOT_PYTHON:
            return {"names": [], "choices": [], "pinned": False, "keyed": False}
    inside = list(ast.walk(annotation))
    names = [_called(one) for one in inside if isinstance(one, (ast.Name, ast.Attribute))]
    heads = {_last(name) for name in names}
    if "ClassVar" in heads:
        return None
    choices: list[str] = ["True", "False"] if "bool" in heads else []
    for node in inside:
        if isinstance(node, ast.Subscript) and _called(node.value).endswith("Literal"):
            choices += [str(one.value) for one in ast.walk(node) if isinstance(one, ast.Constant)]
    pinned, keyed = "Pinned" in heads, not heads.isdisjoint(KEYED)
    return {"names": names, "choices": choices, "pinned": pinned, "keyed": keyed}


def _call_facts(call: ast.Call) -> dict[str, Any]:
    """Return what is called with what, as far as names and keys show it.

    `parts` has what makes the values of keywords; `keys` and `inner_keys` the keys of dicts that
    are given by position and by keyword.
    """
    return {
        "function": _dotted(call.func),
        "arguments": [_dotted(argument) for argument in call.args],
        "keywords": [keyword.arg or "**" for keyword in call.keywords],
        "parts": {
            keyword.arg: _dotted(keyword.value.func)
            for keyword in call.keywords
            if keyword.arg and isinstance(keyword.value, ast.Call)
        },
        "keys": _keys_of(call.args),
        "inner_keys": _keys_of([keyword.value for keyword in call.keywords]),
    }


def _keys_of(values: list[ast.expr]) -> list[str]:
    return [
        str(key.value)
        for value in values
        if isinstance(value, ast.Dict)
        for key in value.keys
        if isinstance(key, ast.Constant)
    ]


def _called(node: ast.expr) -> str:
    """Return the dotted name that an expression is, or that it calls; nothing for any other."""
    return _dotted(node.func if isinstance(node, ast.Call) else node)


def _dotted(node: ast.expr) -> str:
    """Return `a.b.c` of an expression that is a chain of names; nothing for any other."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def _last(dotted: str) -> str:
    return dotted.rpartition(".")[2]


def loaded_config(node: ast.AST | None) -> tuple[str, str] | None:
    """Return module and name of `import_module("lab.01_first").config`; None for all else."""
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Call):
        return None
    call = node.value
    if _last(_called(call)) != "import_module" or len(call.args) != 1:
        return None
    module = call.args[0]
    if isinstance(module, ast.Constant) and isinstance(module.value, str):
        return module.value, node.attr
    return None
