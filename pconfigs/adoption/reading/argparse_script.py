"""Scripts with a parser of argparse: the arguments, read from the code without running it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path as FilePath, PurePath
from typing import Any

from pconfigs.adoption.description import Kind
from pconfigs.adoption.nodes import Mapping, Missing, Node, Notes, Path, Place, Scalar, Sequence
from pconfigs.adoption.reading.argparse_owners import Owners, calls_of
from pconfigs.adoption.source import Source
from pconfigs.atomic_files import read_regular
from pconfigs.errors.base import Problem
from pconfigs.errors.serialization import AdoptError
from pconfigs.syntax import NOT_PYTHON, module_tree

FLAGS = {"store_true": False, "store_false": True, "BooleanOptionalAction": None}
LARGEST_BASE, LARGEST_EXPONENT = 2**64, 64
"""Powers of larger numbers are not computed: powers of powers would take all memory."""
REMAINDER = "..."
"""What argparse has for arguments that take all words that remain."""
MOST_CHOICES = 100
"""Numbers of a range that are written out."""
SKIPPED = frozenset(("help", "version"))


@dataclass(frozen=True, slots=True)
class UnknownValue:
    """A value that only running the script could compute, by its code."""

    code: str

    def __repr__(self) -> str:
        return self.code


def has_parser(text: str) -> bool:
    """Return whether a script adds arguments to a parser."""
    return ".add_argument(" in text and "ArgumentParser" in text


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
    script.list_exclusive()
    for call in calls_of(module, "add_subparsers"):
        script.commands(call)
    for call in calls_of(module, "set_defaults"):
        script.set_defaults(call)
    return script.source(name, script.description(module))


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
        path = (*above, *_path(names, options.get("dest")))
        holder = self.holder(path, place)
        if holder is None:
            words = f"{'.'.join(path)} is an argument where another has a part of its name"
            self.findings.append(Problem(str(place), words, "rename one of them"))
            return
        node = holder.items[path[-1]] = self.default(path, names, options, action, place)
        node.notes = Notes(_help(options.get("help")))

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
            default = float(default)
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
        rest = isinstance(nargs, UnknownValue) and _last(nargs.code) == "REMAINDER"
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
        name = _last(found.code)
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
            with suppress(TypeError, ValueError):
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
        action = _last(action.code) if isinstance(action, UnknownValue) else str(action)
        if action not in SKIPPED:
            self.add(names, options, action, place, self.owners.command(call))
            group = self.owners.exclusive_group(call)
            if group is not None:
                name = ".".join(_path(names, options.get("dest")))
                self.exclusives.setdefault(group, []).append(name)

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
        plain = [name for name in names if isinstance(name, str)]
        above, place = self.owners.command(call), Place(self.shown, call.lineno)
        self.subcommands(above, found.get("dest"), plain, found.get("required") is True, place)

    def set_defaults(self, call: ast.Call) -> None:
        """Give the defaults that a call sets."""
        place = Place(self.shown, call.lineno)
        for one in call.keywords:
            if one.arg:
                path = (*self.owners.command(call), *one.arg.split("."))
                self.given_default(path, self.value(one.value), place)

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
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError):
        return UnknownValue(ast.unparse(node))


def is_plain(value: Any) -> bool:
    """Return whether a value can be written into a module as it is."""
    if isinstance(value, (list, tuple)):
        return all(map(is_plain, value))
    if isinstance(value, dict):
        return all(map(is_plain, (*value, *value.values())))
    return value is None or type(value) in (bool, int, float, str) or isinstance(value, PurePath)


def _is_literal(value: Any) -> bool:
    return value is None or type(value) in (bool, int, str)


def _convert(found: Any) -> Any:
    """Return the function that argparse calls on a default that is a string, where known."""
    name = _last(found.code) if isinstance(found, UnknownValue) else ""
    return {"int": int, "float": float, "Path": FilePath}.get(name)


def _name(node: ast.expr) -> str:
    return _last(ast.unparse(node))


def _last(code: str) -> str:
    return code.rpartition(".")[2]


def _path(names: list[str], dest: Any) -> Path:
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
