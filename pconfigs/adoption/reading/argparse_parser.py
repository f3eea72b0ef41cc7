"""Parsers of argparse themselves, for scripts whose code does not show the arguments.

argparse has no public way to list what a parser takes; `_actions` has been there since Python 2.7,
and completion tools read it.
"""

from __future__ import annotations

import argparse
import types
from pathlib import Path as FilePath
from typing import Any

from pconfigs.adoption.nodes import Path, Place
from pconfigs.adoption.reading.argparse_arguments import FoundArguments, UnknownValue
from pconfigs.adoption.reading.argparse_owners import command_field
from pconfigs.adoption.source import Source
from pconfigs.errors.base import Problem
from pconfigs.errors.serialization import AdoptError

_NAMES = ("store_true", "store_false", "count", "append", "extend")
_CONSTANTS = ("store_const", "append_const")
_MADE = argparse.ArgumentParser()
ACTIONS: dict[type[argparse.Action], str] = {
    argparse.BooleanOptionalAction: "BooleanOptionalAction",
    **{type(_MADE.add_argument(f"--{name}", action=name)): name for name in _NAMES},
    **{type(_MADE.add_argument(f"--{name}", action=name, const=1)): name for name in _CONSTANTS},
}
SKIPPED = (
    type(_MADE.add_argument("--help-action", action="help")),
    type(_MADE.add_argument("--version-action", action="version")),
)
SUBCOMMANDS: type[argparse.Action] = type(_MADE.add_subparsers())
"""The classes of these actions have no public names."""


def parser_in(module: types.ModuleType, file: str, name: str) -> argparse.ArgumentParser:
    """Return the parser that a module has under a name, or that the function there returns.

    Raises:
        AdoptError: It is something else, or the function fails.
    """
    found: Any = getattr(module, name, None)
    if callable(found):
        try:
            found = found()
        except (Exception, SystemExit) as error:
            words = f"{name}() raised {type(error).__name__}: {error}"
            hint = "name the parser, or a function that returns it and does nothing else"
            raise AdoptError([Problem(file, words, hint)]) from error
    if not isinstance(found, argparse.ArgumentParser):
        words = f"{name} must be a parser of argparse, or a function that returns one"
        raise AdoptError([Problem(file, f"{words}, got {type(found).__name__}")])
    return found


def read_parser(parser: argparse.ArgumentParser, file: str) -> Source:
    """Return the arguments of a parser as a tree of their defaults."""
    found = FoundArguments(file)
    _add(found, parser, Place(file, 1))
    return found.source(FilePath(file).stem, parser.description or "")


def _add(
    found: FoundArguments, parser: argparse.ArgumentParser, place: Place, above: Path = ()
) -> None:
    """Add the arguments of a parser, which is that of a command where `above` is one."""
    held: dict[str, Any] = vars(parser)
    actions: list[argparse.Action] = held["_actions"]
    commands: list[argparse.Action] = []
    for action in actions:
        if isinstance(action, SUBCOMMANDS):
            commands.append(action)
        elif not isinstance(action, SKIPPED):
            name = ACTIONS.get(type(action), "")
            names = list(action.option_strings) or [action.dest]
            found.add(names, _options(parser, action), name, place, above)
    for group in held["_mutually_exclusive_groups"]:
        found.exclusive([one.dest for one in group._group_actions], place)
    for action in commands:
        _add_commands(found, action, place, above)
    known = {action.dest for action in actions}
    for name, value in held["_defaults"].items():
        if name not in known:
            found.given_default((*above, *name.split(".")), value, place)


def _add_commands(
    found: FoundArguments, action: argparse.Action, place: Place, above: Path
) -> None:
    """Add the arguments of each command in a section of its own."""
    parsers: Any = action.choices
    first_names: dict[argparse.ArgumentParser, str] = {}
    for name, parser in parsers.items():
        first_names.setdefault(parser, name)  # the others are aliases
    for parser, name in first_names.items():
        _add(found, parser, place, (*above, command_field(name)))
    names = list(first_names.values())
    dest = None if action.dest == argparse.SUPPRESS else action.dest
    found.subcommands(above, dest, names, action.required, place)


def _options(parser: argparse.ArgumentParser, action: argparse.Action) -> dict[str, Any]:
    """Return the keywords with which `add_argument` makes an action."""
    options: dict[str, Any] = {
        "dest": action.dest,
        "help": action.help if action.help != argparse.SUPPRESS else "",
        "required": action.required,
        "nargs": None if action.nargs == 0 else action.nargs,
    }
    if action.choices is not None:
        options["choices"] = list(action.choices)
    if action.type is not None:
        options["type"] = UnknownValue(getattr(action.type, "__name__", repr(action.type)))
    if action.const is not None:
        options["const"] = action.const
    default = parser.get_default(action.dest)
    if default == argparse.SUPPRESS:
        options["default"] = UnknownValue("argparse.SUPPRESS")
    elif default is not None:
        options["default"] = default
    return options
