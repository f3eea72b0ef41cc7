"""Facts of one Python file that completion needs, read from its source."""

from __future__ import annotations

import ast
from typing import Any

from pconfigs.atomic_files import regular
from pconfigs.imports.discovery import VARIANTS, Module, called_name
from pconfigs.imports.files import NOT_PYTHON, module_name_of

KEYED = {"list", "tuple", "dict", "List", "Tuple", "Dict", "Sequence", "Mapping"}


def facts_of(path: str) -> dict[str, Any]:
    """Return imports, classes and calls of a file; nothing if it is not Python."""
    try:
        with open(path, encoding="utf-8", opener=regular) as opened:
            module = Module(module_name_of(path) or "", path, opened.read())
    except (*NOT_PYTHON, OSError):
        return {}
    return {
        "imports": {name: list(origin) for name, origin in module.imports.items()},
        "classes": {name: _class_facts(node) for name, node in module.classes.items()},
        "calls": {name: _call_facts(call) for name, (call, _, _) in module.calls.items()},
    }


def _class_facts(node: ast.ClassDef) -> dict[str, Any]:
    decorators = [called_name(one) for one in node.decorator_list]
    fields: dict[str, Any] = {}
    computed: set[str] = set()
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            fields[statement.target.id] = _field_facts(statement.annotation)
        elif isinstance(statement, ast.FunctionDef):
            if any(called_name(one).endswith("pproperty") for one in statement.decorator_list):
                computed.add(statement.name)
    for name in computed:
        # Without an annotation a property is pinned; with one it may complete what it is given.
        fields.setdefault(name, {"names": [], "choices": [], "pinned": True})["computed"] = True
    return {
        "config": any(name.rpartition(".")[2] == "pconfig" for name in decorators),
        "bases": [called_name(base) for base in node.bases],
        "fields": {name: said for name, said in fields.items() if said is not None},
    }


def _field_facts(annotation: ast.expr) -> dict[str, Any] | None:
    """Return the names and choices in an annotation, and whether code gives the value."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value, mode="eval").body
        except NOT_PYTHON:
            return {"names": [], "choices": [], "pinned": False}
    inside = list(ast.walk(annotation))
    names = [called_name(one) for one in inside if isinstance(one, (ast.Name, ast.Attribute))]
    heads = {name.rpartition(".")[2] for name in names}
    if "ClassVar" in heads:
        return None
    choices: list[str] = ["True", "False"] if "bool" in heads else []
    for node in inside:
        if isinstance(node, ast.Subscript) and called_name(node.value).endswith("Literal"):
            choices += [str(one.value) for one in ast.walk(node) if isinstance(one, ast.Constant)]
    pinned, keyed = "Pinned" in heads, not heads.isdisjoint(KEYED)
    return {"names": names, "choices": choices, "pinned": pinned, "keyed": keyed}


def _call_facts(call: ast.Call) -> dict[str, Any]:
    keywords = {
        keyword.arg: called_name(keyword.value.func)
        for keyword in call.keywords
        if keyword.arg and isinstance(keyword.value, ast.Call)
    }
    function = called_name(call.func)
    return {
        "function": function,
        "is_variant": function.rpartition(".")[2] in VARIANTS,
        "arguments": [called_name(argument) for argument in call.args],
        "keywords": keywords,
    }
