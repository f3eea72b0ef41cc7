"""Arguments of argparse as a tree of their defaults, with their types."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path as FilePath, PurePath
from typing import Any

from pconfigs.adoption.description import Kind
from pconfigs.adoption.nodes import (
    Mapping,
    Missing,
    Node,
    Notes,
    Path,
    Place,
    Scalar,
    Sequence,
    plain,
)
from pconfigs.adoption.source import Source
from pconfigs.errors.base import Problem
from pconfigs.errors.formatting import shorten
from pconfigs.errors.serialization import AdoptError

FLAGS = {"store_true": False, "store_false": True, "BooleanOptionalAction": None}
SETTING = frozenset((*FLAGS, "store_const", "append_const", "count"))
"""Actions of which several set one value on purpose: `--color` and `--no-color`."""
REMAINDER = "..."
"""What argparse has for arguments that take all words that remain."""


@dataclass(frozen=True, slots=True)
class UnknownValue:
    """A value that only running the script could compute, by its code."""

    code: str

    def __repr__(self) -> str:
        return self.code


class FoundArguments:
    """The arguments of one script, as they are found."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.tree = Mapping(place=Place(shown, 1))
        self.kinds: dict[Path, Kind] = {}
        self.marks: dict[Path, str] = {}
        self.findings: list[Problem] = []

    def source(self, name: str, description: str) -> Source:
        """Return all that was found.

        Raises:
            AdoptError: It is nothing.
        """
        if not self.tree.items:
            raise AdoptError([Problem(self.shown, "must add arguments to a parser, got none")])
        self.tree.doc = _tidy(description)
        return Source(
            name, self.shown, self.tree,
            findings=self.findings, kinds=self.kinds, marks=self.marks,
        )  # fmt: skip

    def subcommands(
        self, above: Path, dest: Any, commands: list[str], is_required: bool, place: Place
    ) -> None:
        """Add the field that names a command, and list that each command has a section."""
        name = dest if isinstance(dest, str) else "command"
        words = f"has subcommands: each has a section, and {name} names the one that runs"
        hint = f"let main read the section that {name} names"
        self.findings.append(Problem(str(place), words, hint))
        options: dict[str, Any] = {"choices": commands, "required": is_required, "dest": name}
        self.add([f"--{name}"], options, "", place, above)

    def exclusive(self, names: list[str], place: Place) -> None:
        """List that some arguments exclude each other."""
        if len(names) > 1:
            words = f"{', '.join(names)} exclude each other"
            self.findings.append(Problem(str(place), words, "write that as a @pcheck"))

    def given_default(self, path: Path, value: Any, place: Place) -> None:
        """Give the default that `set_defaults` sets; an argument is added where there is none."""
        holder = self.holder(path, place)
        known = holder.items.get(path[-1]) if holder is not None else None
        if holder is None or (known is None and not is_plain(value)):
            words = f"set_defaults sets {'.'.join(path)} to {value!r}"
            self.findings.append(Problem(str(place), words, "let the config construct what it is"))
            return
        if known is None:
            self.kinds[path] = Kind(none=True) if value is None else Kind({type(value).__name__})
        if not is_plain(value):
            self.marks[path] = f"the default is computed: {value!r}"
            holder.items[path[-1]] = Missing(place=place, notes=known.notes if known else Notes())
            return
        widen(self.kinds[path], value)
        holder.items[path[-1]] = _node(value, place)
        if known is not None:
            holder.items[path[-1]].notes = known.notes

    def add(
        self,
        names: list[str],
        options: dict[str, Any],
        action: str,
        place: Place,
        above: Path = (),
    ) -> None:
        """Add one argument.

        Args:
            names: As `add_argument` takes them.
            options: Its keywords; `UnknownValue` for what is not a literal.
            action: The name of its action, or nothing.
            place: Where it is added.
            above: The command whose argument it is.
        """
        path = (*above, *path_of(names, options.get("dest")))
        holder = self.holder(path, place)
        if holder is None:
            words = f"{'.'.join(path)} is an argument where another has a part of its name"
            self.findings.append(Problem(str(place), words, "rename one of them"))
            return
        known, kind, mark = holder.items.get(path[-1]), self.kinds.get(path), self.marks.get(path)
        node = self.default(path, names, options, action, place)
        node.notes = Notes(_help(options.get("help")))
        if known is None or kind is None:
            holder.items[path[-1]] = node
            return
        # Of several arguments that set one value, argparse takes the default of the first.
        if action not in SETTING and (plain(known) != plain(node) or kind != self.kinds[path]):
            kept, other = shorten(plain(known)), shorten(plain(node))
            words = f"adds {'.'.join(path)} again: its default is {kept} (line {known.place.line})"
            self.findings.append(Problem(str(place), f"{words}, not {other}", "rename one of them"))
        kind.add(self.kinds[path])
        self.kinds[path] = kind
        self.marks.pop(path, None)
        if mark is not None:
            self.marks[path] = mark

    def holder(self, path: Path, place: Place) -> Mapping | None:
        """Return the mapping that gets an argument; None where another argument is in the way."""
        made = self.tree
        for step in path[:-1]:
            inner = made.items.setdefault(step, Mapping(place=place))
            if not isinstance(inner, Mapping):
                return None
            made = inner
        return None if isinstance(made.items.get(path[-1]), Mapping) else made

    def default(
        self, path: Path, names: list[str], options: dict[str, Any], action: str, place: Place
    ) -> Node:
        """Return the node of an argument's default, and note its type."""
        kind = self.kinds[path] = self.kind(path, options, action)
        required = options.get("required") is True or (
            not names[0].startswith("-") and options.get("nargs") not in ("?", "*")
        )
        default = options.get("default", FLAGS.get(action))
        if not is_plain(default):
            self.marks[path] = f"the default is computed: {default!r}"
            return Missing(place=place)
        if required and "default" not in options:
            return Missing(place=place)
        if action == "count" and default is None:
            default = 0
        if default is None:
            kind.none = True
        convert = _convert(options.get("type"))
        if isinstance(default, str) and convert is not None:
            try:
                default = convert(default)
            except ValueError:
                self.marks[path] = f"the default is not of the type: {default!r}"
        if kind.names == {"float"} and type(default) is int:
            with suppress(OverflowError):
                default = float(default)
        widen(kind, default)
        return _node(default, place)

    def kind(self, path: Path, options: dict[str, Any], action: str) -> Kind:
        """Return the type of an argument."""
        if action in FLAGS:
            return Kind({"bool"})
        if action == "count":
            return Kind({"int"})
        if action in ("store_const", "append_const"):
            const = options.get("const")
            if const is None or not is_plain(const):
                self.marks[path] = "the constant is computed"
                return Kind(any=True)
            one = Kind({type(const).__name__})
            default = options.get("default")
            if action == "store_const" and default is not None and is_plain(default):
                one.names.add(type(default).__name__)
            return one if action == "store_const" else Kind(item=one)
        one = self.kind_of_one(path, options)
        nargs = options.get("nargs")
        rest = isinstance(nargs, UnknownValue) and last_name(nargs.code) == "REMAINDER"
        several = rest or nargs in ("*", "+", REMAINDER) or isinstance(nargs, int)
        return Kind(item=one) if several or action in ("append", "extend") else one

    def kind_of_one(self, path: Path, options: dict[str, Any]) -> Kind:
        """Return the type of one value of an argument."""
        choices = options.get("choices")
        if isinstance(choices, (list, tuple)) and choices and all(map(_is_literal, choices)):
            return Kind(literals=list(choices))
        found = options.get("type")
        if choices is not None:
            problem = "computed" if isinstance(choices, UnknownValue) else "not literals"
            self.marks[path] = f"the choices are {problem}: {choices!r}"
        if not isinstance(found, UnknownValue):
            return Kind({"str"})
        name = last_name(found.code)
        if name in ("int", "float", "str", "bool"):
            return Kind({name})
        if name == "Path":
            return Kind({"pathlib.Path"})
        if "bool" in name.lower():
            return Kind({"bool"})
        default = options.get("default")
        if default is None or isinstance(default, str) or not is_plain(default):
            self.marks[path] = f"the type is made by a function: {found.code}"
            return Kind(any=True)
        return Kind({type(default).__name__})


def is_plain(value: Any) -> bool:
    """Return whether a value can be written into a module as it is."""
    if isinstance(value, (list, tuple)):
        return all(map(is_plain, value))
    if isinstance(value, dict):
        return all(map(is_plain, (*value, *value.values())))
    return value is None or type(value) in (bool, int, float, str) or isinstance(value, PurePath)


def widen(kind: Kind, value: Any) -> None:
    """Let a type take a default: argparse converts and checks no default but strings."""
    name = f"pathlib.{FilePath.__name__}" if isinstance(value, PurePath) else type(value).__name__
    if kind.any:
        return
    if value is None:
        kind.none = True
    elif kind.literals and _is_literal(value) and not kind.names:
        if not any(type(one) is type(value) and one == value for one in kind.literals):
            kind.literals.append(value)
    elif isinstance(value, (list, tuple)):
        kind.item = kind.item or Kind()
        for one in value:
            widen(kind.item, one)
    elif isinstance(value, dict):
        kind.value = Kind(any=True)
        kind.keys |= {"None" if key is None else type(key).__name__ for key in value}
    else:
        kind.names.add(name)
        kind.widen()


def _is_literal(value: Any) -> bool:
    return value is None or type(value) in (bool, int, str)


def _convert(found: Any) -> Any:
    """Return the function that argparse calls on a default that is a string, where known."""
    name = last_name(found.code) if isinstance(found, UnknownValue) else ""
    return {"int": int, "float": float, "Path": FilePath}.get(name)


def last_name(code: str) -> str:
    """Return the last part of a dotted name."""
    return code.rpartition(".")[2]


def path_of(names: list[str], dest: Any) -> Path:
    """Return the attribute that an argument sets, as a path: `--model.depth` has two steps."""
    if not isinstance(dest, str):
        long = [name for name in names if name.startswith("--")]
        dest = (long or names)[0].lstrip("-").replace("-", "_")
    return tuple(dest.split("."))


def _help(text: Any) -> str:
    """Return a help text without what argparse fills in."""
    if not isinstance(text, str):
        return ""
    plain = re.sub(r"\s*[(\[]?(default\s*[:=]?\s*)?%\(default\)\w[)\]]?", "", text)
    return _tidy(re.sub(r"%\((\w+)\)\w", r"\1", plain).replace("%%", "%"))


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _node(value: Any, place: Place) -> Node:
    if isinstance(value, (list, tuple)):
        return Sequence(place=place, items=[_node(item, place) for item in value])
    if isinstance(value, dict):
        items = {key: _node(item, place) for key, item in value.items()}
        return Mapping(place=place, items=items)
    return Scalar(place=place, value=value)
