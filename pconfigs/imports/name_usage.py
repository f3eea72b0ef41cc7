"""Whether the code of a module names something: imported, renamed, or as an attribute."""

from __future__ import annotations

import sys

from pconfigs.syntax import module_tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, ModuleType
    from typing import Any


def line_that_names(module: ModuleType, thing: object, name: str) -> int | None:
    """Return the line on which the code of `module` names `thing`, at home called `name`; or None.

    Found are imports (under any name, also inside functions) and attributes (`pconfigs.Pin`);
    0 where the line is not known.
    """
    held = any(value is thing for value in list(vars(module).values()))
    code = _code_of(module)
    if not held and (code is None or name not in _names_in(code)):
        return None
    line = _find_in_source(module, thing, name)
    return 0 if line is None and held else line


def _code_of(module: ModuleType) -> CodeType | None:
    loader: Any = getattr(module, "__loader__", None)
    if not hasattr(loader, "get_code"):
        return None
    code: CodeType | None = loader.get_code(module.__name__)
    return code


def _names_in(code: CodeType) -> set[str]:
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, type(code)):
            names |= _names_in(constant)
    return names


def _find_in_source(module: ModuleType, thing: object, name: str) -> int | None:
    import ast

    loader: Any = getattr(module, "__loader__", None)
    source = loader.get_source(module.__name__) if hasattr(loader, "get_source") else None
    if not source:
        return None
    known = vars(module)
    for node in ast.walk(module_tree(source)):
        if isinstance(node, ast.ImportFrom) and not node.level and node.module:
            home = sys.modules.get(node.module)
            if any(_imports(home, alias.name, thing) for alias in node.names):
                return node.lineno
        elif isinstance(node, ast.Attribute) and node.attr == name:
            if getattr(_value_of(node.value, known), name, None) is thing:
                return node.lineno
    return None


def _imports(home: ModuleType | None, name: str, thing: object) -> bool:
    """Return whether `from home import name` imports `thing`, `*` included."""
    if name == "*":
        return any(value is thing for value in vars(home).values()) if home else False
    return getattr(home, name, None) is thing


def _value_of(node: Any, known: dict[str, Any]) -> Any:
    """Return the module or other object that a plain chain of names refers to, or None."""
    if hasattr(node, "id"):
        return known.get(node.id)
    if hasattr(node, "attr"):
        return getattr(_value_of(node.value, known), node.attr, None)
    return None
