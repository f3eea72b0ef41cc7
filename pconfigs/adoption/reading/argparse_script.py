"""Scripts with a parser of argparse: the arguments, read from the code without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path as FilePath
from typing import Any

from pconfigs.adoption.nodes import Place
from pconfigs.adoption.reading.argparse_arguments import (
    FoundArguments,
    UnknownValue,
    last_name,
    path_of,
)
from pconfigs.adoption.reading.argparse_owners import Owners, calls_of
from pconfigs.adoption.source import Source
from pconfigs.atomic_files import read_regular
from pconfigs.errors.base import Problem
from pconfigs.errors.serialization import AdoptError
from pconfigs.syntax import NOT_PYTHON, module_tree

LARGEST_BASE, LARGEST_EXPONENT = 2**64, 64
"""Powers of larger numbers are not computed: powers of powers would take all memory."""
MOST_CHOICES = 100
"""Numbers of a range that are written out."""
SKIPPED = frozenset(("help", "version"))


def has_parser(text: str) -> bool:
    """Return whether a script adds arguments to a parser."""
    return ".add_argument(" in text and "ArgumentParser" in text


def names_models(text: str) -> bool:
    """Return whether code names what makes dataclasses or models; comments and strings may."""
    try:
        nodes = list(ast.walk(module_tree(text)))
    except NOT_PYTHON:
        return False
    fields = ("id", "attr", "name")
    names = [str(getattr(node, one, "")) for node in nodes for one in fields]
    return any("dataclass" in name or "BaseModel" in name for name in names)


def read_script(file: FilePath) -> Source:
    """Return the arguments of a script as a tree of their defaults.

    Raises:
        AdoptError: It is malformed, nested too deeply, or adds no argument.
    """
    shown = str(file)
    try:
        module = module_tree(read_regular(str(file)))
    except NOT_PYTHON as error:
        raise AdoptError([Problem(shown, f"must be Python: {error}")]) from error
    try:
        return _source(file.stem, shown, module)
    except RecursionError:
        raise AdoptError([Problem(shown, "is nested too deeply")]) from None


def _source(name: str, shown: str, module: ast.Module) -> Source:
    script = _Script(module, shown)
    for call in calls_of(module, "add_argument"):
        script.argument(call)
    script.list_renamed()
    script.list_exclusive()
    for call in calls_of(module, "add_subparsers"):
        script.commands(call)
    for call in calls_of(module, "set_defaults"):
        script.set_defaults(call)
    return script.source(name, script.description(module))


class _Script(FoundArguments):
    """The arguments in the code of a script."""

    def __init__(self, module: ast.Module, shown: str) -> None:
        super().__init__(shown)
        self.module, self.owners = module, Owners(module)
        self.exclusives: dict[ast.Call, list[str]] = {}
        self.constants = dict(_constants(module))

    def description(self, module: ast.Module) -> str:
        """Return the description of the parser, or the script's docstring."""
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and _name(node.func) == "ArgumentParser":
                for keyword in node.keywords:
                    if keyword.arg == "description":
                        found = self.value(keyword.value)
                        if isinstance(found, str):
                            return found
        return ast.get_docstring(module) or ""

    def value(self, node: ast.expr) -> Any:
        """Return the value of an expression, or `UnknownValue`."""
        found = _literal(node)
        if not isinstance(found, UnknownValue):
            return found
        if isinstance(node, ast.Name) and node.id in self.constants:
            return self.constants[node.id]
        if isinstance(node, ast.Call) and _name(node.func) == "range" and not node.keywords:
            limits = [self.value(one) for one in node.args]
            with suppress(TypeError, ValueError, OverflowError):
                numbers = range(*limits)
                if len(numbers) <= MOST_CHOICES:
                    return list(numbers)
        if isinstance(node, ast.BinOp):
            left, right = self.value(node.left), self.value(node.right)
            if isinstance(left, (int, float)) and isinstance(right, (int, float)):
                with suppress(OverflowError, ZeroDivisionError):
                    if isinstance(node.op, ast.Mult):
                        return left * right
                    if isinstance(node.op, ast.Pow) and _is_small_power(left, right):
                        return left**right
        return found

    def argument(self, call: ast.Call) -> None:
        """Add one argument."""
        names = [self.value(one) for one in call.args]
        options = {one.arg: self.value(one.value) for one in call.keywords if one.arg}
        place = Place(self.shown, call.lineno)
        if not names or not all(isinstance(name, str) for name in names):
            words = f"adds arguments whose names are computed: {ast.unparse(call)[:60]}"
            self.findings.append(Problem(str(place), words, self.advice(call)))
            return
        action = options.get("action")
        action = last_name(action.code) if isinstance(action, UnknownValue) else str(action)
        if action not in SKIPPED:
            path = (*self.owners.command(call), *path_of(names, options.get("dest")))
            self.add(names, options, action, place, self.owners.command(call))
            for one in call.keywords:
                if one.arg is None:
                    self.marks[path] = f"some options are computed: **{ast.unparse(one.value)}"
            group = self.owners.exclusive_group(call)
            if group is not None:
                name = ".".join(path_of(names, options.get("dest")))
                self.exclusives.setdefault(group, []).append(name)

    def list_renamed(self) -> None:
        """List where `add_argument` is not called by its name, so that arguments are not read."""
        called = [node.func for node in ast.walk(self.module) if isinstance(node, ast.Call)]
        for node in ast.walk(self.module):
            if isinstance(node, ast.Attribute) and node.attr == "add_argument":
                if not any(node is one for one in called):
                    words = f"{ast.unparse(node)} is not called here: what it adds is not read"
                    place = Place(self.shown, node.lineno)
                    self.findings.append(Problem(str(place), words, "declare these fields by hand"))

    def list_exclusive(self) -> None:
        """List the arguments that exclude each other."""
        for group, names in self.exclusives.items():
            self.exclusive(names, Place(self.shown, group.lineno))

    def commands(self, call: ast.Call) -> None:
        """Add what names one of the commands that a call of `add_subparsers` makes room for."""
        found = {one.arg: self.value(one.value) for one in call.keywords if one.arg}
        makers = [
            one for one in calls_of(self.module, "add_parser") if self.owners.maker(one) is call
        ]
        names = [self.value(one.args[0]) for one in makers if one.args]
        known = [name for name in names if isinstance(name, str)]
        above, place = self.owners.command(call), Place(self.shown, call.lineno)
        self.subcommands(above, found.get("dest"), known, found.get("required") is True, place)

    def set_defaults(self, call: ast.Call) -> None:
        """Give the defaults that a call sets."""
        place = Place(self.shown, call.lineno)
        for one in call.keywords:
            if one.arg:
                path = (*self.owners.command(call), *one.arg.split("."))
                self.given_default(path, self.value(one.value), place)
            else:
                words = f"set_defaults sets computed names: **{ast.unparse(one.value)}"
                self.findings.append(Problem(str(place), words, "declare these fields by hand"))

    def advice(self, call: ast.Call) -> str:
        """Return what to do about an argument that running the script would name."""
        for function in self.module.body:
            if isinstance(function, ast.FunctionDef) and call in ast.walk(function):
                is_returned = any(isinstance(one, ast.Return) for one in ast.walk(function))
                if is_returned and not function.args.args:
                    source = f"{self.shown}:{function.name}"
                    return f"import the script, and take the parser it returns: adopt {source}"
        return "declare these fields by hand"


def _is_small_power(base: float, exponent: float) -> bool:
    is_whole = isinstance(exponent, int)
    return is_whole and abs(base) <= LARGEST_BASE and abs(exponent) <= LARGEST_EXPONENT


def _constants(module: ast.Module) -> Iterator[tuple[str, Any]]:
    """Yield names of a module that have literals as values."""
    for node in module.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, value = node.targets[0], _literal(node.value)
            if isinstance(target, ast.Name) and not isinstance(value, UnknownValue):
                yield target.id, value


def _literal(node: ast.expr) -> Any:
    """Return the value of a literal; `UnknownValue` of any other expression."""
    try:
        found = ast.literal_eval(node)
        repr(found)  # raises where a number has more digits than Python writes
        return found
    except (ValueError, TypeError, SyntaxError, MemoryError):
        pass
    try:
        return UnknownValue(ast.unparse(node))
    except ValueError:
        return UnknownValue("a number of more than 4300 digits")


def _name(node: ast.expr) -> str:
    return last_name(ast.unparse(node))
