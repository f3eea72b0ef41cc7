"""Import one module of experiments, and report its problems."""

from __future__ import annotations

import ast
import os
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from pconfigs.errors.targets import ImportFailedError, PinInExperimentError, module_frames
from pconfigs.errors.testing import failed_import
from pconfigs.errors.tracebacks import text_of
from pconfigs.imports import configs_of, sweeps_of
from pconfigs.imports.files import load_file
from pconfigs.imports.module_facts import loaded_config
from pconfigs.syntax import NOT_PYTHON, module_tree
from pconfigs.testing.captured_output import Swallowed
from pconfigs.testing.discovery import ExperimentModule, shown
from pconfigs.testing.run_policy import refuse_pins


@dataclass(slots=True)
class Imported:
    """The result of importing a module of experiments.

    Attributes:
        module: The module, or None where it fails to import.
        problem: What is wrong, in words; "" if nothing is.
        printed: Whether it printed something.
    """

    module: ModuleType | None
    problem: str = ""
    printed: bool = False


def import_experiments(found: ExperimentModule, whole: bool = False) -> Imported:
    """Import a module, and so build its configs and compute their properties.

    Args:
        found: Which.
        whole: Keep the library's own frames in tracebacks.
    """
    if found.cause is not None:
        words = text_of(found.cause, whole)
        return Imported(None, _failure_words(found.name, found.cause, words))
    if found.problem:
        return Imported(None, found.problem)
    swallowed = Swallowed()
    try:
        with swallowed:
            module = load_file(found.name, found.path)
    except ImportFailedError as error:
        words = failed_import(error, whole, named=False)
        problem = _failure_words(found.name, error.cause, words)
        return Imported(None, problem, swallowed.printed)
    try:
        refuse_pins(found.name, module)
    except PinInExperimentError as error:
        return Imported(module, str(error), swallowed.printed)
    return Imported(module, "", swallowed.printed)


def _failure_words(name: str, cause: BaseException, words: str) -> str:
    """Return where a module failed, which config was being made there, and why."""
    path, line = _failing_line(cause)
    if not path:
        return f"{name} fails\n{words}"
    made = _name_made_at(path, line)
    where = f"{made}, at {shown(path)}:{line}" if made else f"{shown(path)}:{line}"
    return f"{name} fails: {where}\n{words}"


def _failing_line(cause: BaseException) -> tuple[str, int]:
    """Return file and line of the innermost of the user's modules that was being run."""
    if isinstance(cause, SyntaxError) and cause.filename:
        return cause.filename, cause.lineno or 0
    places = list(module_frames(cause.__traceback__))
    if not places:
        return "", 0
    _, path, line = places[-1]
    return path, line


def _name_made_at(path: str, line: int) -> str:
    """Return the name that the statement on a line of a file gives a value to."""
    tree = _tree_of(path)
    names: list[str] = []
    for statement in _statements(tree.body) if tree is not None else ():
        if statement.lineno <= line <= (statement.end_lineno or statement.lineno):
            names = _bound_names(statement)
    return ", ".join(names)


def experiments_of(module: ModuleType) -> dict[str, Any]:
    """Return the experiments of a module by name: its configs and sweeps except imported ones."""
    found = {**configs_of(module), **sweeps_of(module)}
    tree = _tree_of(getattr(module, "__file__", None) or "")
    imported, assigned = set[str](), set[str]()
    for statement in _statements(tree.body) if tree is not None else ():
        names = _imported_names(statement)
        imported.update(names)
        assigned.update(() if names else _bound_names(statement))
    return {
        name: config
        for name, config in found.items()
        if name[0] != "_" and (name in assigned or not imported & {name, "*"})
    }


def _tree_of(path: str) -> ast.Module | None:
    """Return the source of a file, or None if it is not Python."""
    if not os.path.isfile(path):
        return None
    try:
        with tokenize.open(path) as file:
            return module_tree(file.read())
    except NOT_PYTHON:
        return None


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run when a module is imported, those in `if`, `try`, … included."""
    for statement in body:
        yield statement
        for part in ("body", "orelse", "finalbody", "handlers"):
            inner = getattr(statement, part, [])
            if hasattr(statement, "args") or hasattr(statement, "bases"):
                break  # a function or a class has names of its own
            for one in inner:
                yield from _statements(one.body if hasattr(one, "type") else [one])


def _imported_names(statement: ast.stmt) -> list[str]:
    """Return names that `from … import …` binds, `*` among them, or `import_module(…).config`."""
    if isinstance(statement, ast.Assign) and loaded_config(statement.value) is not None:
        return [target.id for target in statement.targets if isinstance(target, ast.Name)]
    names = getattr(statement, "names", []) if hasattr(statement, "level") else []
    return [alias.asname or alias.name for alias in names]


def _bound_names(statement: ast.stmt) -> list[str]:
    """Return names that a statement binds, by `=`, `:=`, `for`, `with` or `+=`."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return []
    return [
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
