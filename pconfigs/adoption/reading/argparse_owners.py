"""Which parser the calls of a script are made on: its command, and the group that it is in."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pconfigs.adoption.nodes import Path

MAKERS = frozenset(
    ("add_argument_group", "add_mutually_exclusive_group", "add_parser", "add_subparsers")
)


def calls_of(module: ast.Module, name: str) -> Iterator[ast.Call]:
    """Yield the calls of a method, in the order of the code."""
    found = [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == name
    ]
    yield from sorted(found, key=lambda node: (node.lineno, node.col_offset))


def command_field(name: str) -> str:
    """Return the name of the section that holds the arguments of a command."""
    return name.replace("-", "_")


class Owners:
    """Names of a script that are assigned parsers, groups and commands."""

    def __init__(self, module: ast.Module) -> None:
        self.assigned: dict[str, list[ast.Call]] = {}
        for node in ast.walk(module):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                if _method(node.value) in MAKERS:
                    for target in node.targets:
                        self.assigned.setdefault(ast.unparse(target), []).append(node.value)

    def command(self, call: ast.Call) -> Path:
        """Return the commands that the object of a method belongs to, from the outermost."""
        maker = self.maker(call)
        if maker is None:
            return ()
        above = self.command(maker)
        first = maker.args[0] if _method(maker) == "add_parser" and maker.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            return (*above, command_field(first.value))
        return above

    def exclusive_group(self, call: ast.Call) -> ast.Call | None:
        """Return the call that made the group of arguments that exclude each other, if in one."""
        maker = self.maker(call)
        return maker if maker and _method(maker) == "add_mutually_exclusive_group" else None

    def maker(self, call: ast.Call) -> ast.Call | None:
        """Return the call that made the object of a method, where that is a parser or a group."""
        assert isinstance(call.func, ast.Attribute)
        owner = call.func.value
        if isinstance(owner, ast.Call) and _method(owner) in MAKERS:
            return owner
        earlier = [
            one for one in self.assigned.get(ast.unparse(owner), ()) if one.lineno < call.lineno
        ]
        return max(earlier, key=lambda one: one.lineno, default=None)


def _method(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""
