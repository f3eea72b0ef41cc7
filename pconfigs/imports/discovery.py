"""Catalogue: the experiments of a project, found in the source without running any.

An experiment is a name at the top of a module that is given a call of a config class, or a variant
of another experiment. What takes running to know is left out, never guessed.
"""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Iterator
from pathlib import Path

from pconfigs.imports.files import NOT_PYTHON, module_name_of
from pconfigs.imports.source_files import python_files

VARIANTS = {"pset", "pbroadcast", "ptransform"}
SEVERAL = {"psweep": "sweep", "psearch": "search"}
"""Functions that make several variants, and what these are called."""


class DiscoveredExperiment:
    """One experiment.

    Attributes:
        target: What leads to it: `project.experiments.first.config`.
        config_class: The name of its class; of a variant, that of what it is based on.
        bases: Targets of the experiments that it is based on.
        changes: Names that it sets itself, as keywords or paths.
        about: The first line of what is said about it.
        file, line: Its place.
    """

    def __init__(self, target: str, file: str, line: int) -> None:
        self.target, self.file, self.line = target, file, line
        self.config_class = ""
        self.bases: list[str] = []
        self.changes: list[str] = []
        self.about = ""


class Module:
    """The facts at the top of the source of one module."""

    def __init__(self, name: str, file: str, text: str) -> None:
        self.name, self.file = name, file
        self.lines = text.splitlines()
        self.tree = ast.parse(text)
        self.imports: dict[str, tuple[str, str]] = {}
        self.classes: dict[str, ast.ClassDef] = {}
        self.calls: dict[str, tuple[ast.Call, ast.stmt, ast.stmt | None]] = {}
        is_package = Path(file).name == "__init__.py"
        self._package = name if is_package else name.rpartition(".")[0]
        self.stars: list[str] = []
        self._note_all(self.tree.body)

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
            self.classes[statement.name] = statement
        elif isinstance(statement, ast.Import):
            for alias in statement.names:
                self.imports[alias.asname or alias.name] = (alias.name, "")
        elif isinstance(statement, ast.ImportFrom):
            source = self._absolute(statement)
            for alias in statement.names:
                if alias.name == "*":
                    self.stars.append(source)
                else:
                    self.imports[alias.asname or alias.name] = (source, alias.name)
        value = getattr(statement, "value", None)
        loaded = loaded_config(value)
        if loaded is not None and isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    self.imports[target.id] = loaded
        value = _joined(value) if isinstance(value, ast.BinOp) else value
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and isinstance(value, ast.Call):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    self.calls[target.id] = (value, statement, following)

    def offers(self, name: str) -> bool:
        """Return whether `from … import *` is seen to import a name from it."""
        known = name in self.classes or name in self.calls or name in self.imports
        return known and not name.startswith("_")

    def _absolute(self, statement: ast.ImportFrom) -> str:
        if not statement.level:
            return statement.module or ""
        parts = self._package.split(".")
        parts = parts[: len(parts) - statement.level + 1]
        return ".".join([*parts, statement.module] if statement.module else parts)


def _joined(node: ast.expr) -> ast.expr:
    """Return `one + other` as the call of psweep that makes the points of both sweeps."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Add):
        return node
    args: list[ast.expr] = []
    keywords: list[ast.keyword] = []
    for side in map(_joined, (node.left, node.right)):
        args += side.args if isinstance(side, ast.Call) else [side]
        keywords += side.keywords if isinstance(side, ast.Call) else []
    joined = ast.Call(ast.Name("psweep", ast.Load()), args, keywords)
    return ast.copy_location(joined, node)


class Catalogue:
    """The modules of a project, read when they are first asked for."""

    def __init__(self) -> None:
        self._modules: dict[str, Module | None] = {}
        self._reasons: dict[Path, str] = {}
        self.unread: dict[str, str] = {}
        """Files to be listed that are not Python, each with the reason."""

    def experiments(self, place: Path, tests: bool = False) -> list[DiscoveredExperiment]:
        """Return the experiments in a file or below a folder, sorted by target.

        Those in tests below a folder are left out unless `tests` is true.
        """
        files = python_files(str(place), tests, self.unread)
        found = [one for file in files for one in self._in_file(Path(file))]
        return sorted(found, key=lambda one: one.target)

    def _in_file(self, file: Path) -> Iterator[DiscoveredExperiment]:
        name = module_name_of(str(file)) or str(file)
        module = self._read(name, file)
        if module is None:
            self.unread[str(file)] = self._reasons.get(file, "it cannot be read")
            return
        for attribute, (call, statement, following) in module.calls.items():
            if not self._is_experiment(module, call, set()):
                continue
            joint = ":" if name == str(file) else "."
            found = DiscoveredExperiment(f"{name}{joint}{attribute}", module.file, statement.lineno)
            self._describe(found, module, call)
            found.about = _about(module, statement, following)
            yield found

    def _describe(self, found: DiscoveredExperiment, module: Module, call: ast.Call) -> None:
        bases = [self._experiment(module, argument) for argument in call.args]
        found.bases = [base for base in dict.fromkeys(bases) if base]
        function = _dotted(call.func)
        origin = self._origin(module, function).rpartition(".")[2]
        if origin in SEVERAL:
            self._describe_several(found, call, SEVERAL[origin])
            return
        is_variant = origin in VARIANTS
        found.config_class = "" if is_variant else function.rpartition(".")[2]
        found.changes = [keyword.arg or "**" for keyword in call.keywords]
        if is_variant:
            found.changes += [
                str(key.value)
                for argument in call.args
                if isinstance(argument, ast.Dict)
                for key in argument.keys
                if isinstance(key, ast.Constant)
            ]
            found.config_class = self._class_of(found.bases[:1])

    def _describe_several(self, found: DiscoveredExperiment, call: ast.Call, noun: str) -> None:
        found.config_class = f"{noun} of {self._class_of(found.bases[:1]).rpartition(' ')[2]}"
        found.changes = [
            str(key.value)
            for keyword in call.keywords
            if isinstance(keyword.value, ast.Dict)
            for key in keyword.value.keys
            if isinstance(key, ast.Constant)
        ]

    def _class_of(self, bases: list[str]) -> str:
        for base in bases:
            name, _, attribute = base.rpartition(".")
            module = self._module(name)
            if module is not None and attribute in module.calls:
                inner = DiscoveredExperiment(base, module.file, 0)
                self._describe(inner, module, module.calls[attribute][0])
                return inner.config_class
        return ""

    def _is_experiment(self, module: Module, call: ast.Call, seen: set[tuple[str, int]]) -> bool:
        key = (module.name, call.lineno)
        if key in seen:
            return False
        seen.add(key)
        function = _dotted(call.func)
        if self._is_config_class(module, function, set()):
            return True
        makes_variants = {*VARIANTS, *SEVERAL}
        if self._origin(module, function).rpartition(".")[2] not in makes_variants or not call.args:
            return False
        return bool(self._experiment(module, call.args[0], seen))

    def _experiment(
        self, module: Module, node: ast.expr, seen: set[tuple[str, int]] | None = None
    ) -> str:
        """Return the target of the experiment that an expression names, or nothing."""
        origin = self._origin(module, _dotted(node))
        name, _, attribute = origin.rpartition(".")
        home = self._module(name)
        if home is None or attribute not in home.calls:
            return ""
        return origin if self._is_experiment(home, home.calls[attribute][0], seen or set()) else ""

    def _origin(self, module: Module, dotted: str) -> str:
        """Return the full name of what a dotted name means in a module, as far as visible."""
        parts = dotted.split(".")
        for count in range(len(parts), 0, -1):
            known = module.imports.get(".".join(parts[:count]))
            if known is not None:
                source, name = known
                rest = [name] if name else []
                return self._followed(".".join([source, *rest, *parts[count:]]))
        name = parts[0]
        if name not in module.classes and name not in module.calls:
            for source in module.stars:
                home = self._module(source)
                if home is not None and home.offers(name):
                    return self._followed(f"{source}.{dotted}")
        return f"{module.name}.{dotted}" if dotted else ""

    def _followed(self, full: str, limit: int = 10) -> str:
        """Return the full name of the definition of an object, through re-exports."""
        for _ in range(limit):
            name, _, attribute = full.rpartition(".")
            module = self._module(name)
            known = module.imports.get(attribute) if module is not None else None
            if known is None or not known[1]:
                break
            full = f"{known[0]}.{known[1]}"
        return full

    def _is_config_class(self, module: Module, dotted: str, seen: set[str]) -> bool:
        full = self._origin(module, dotted)
        if full in seen:
            return False
        seen.add(full)
        name, _, attribute = full.rpartition(".")
        home = self._module(name)
        written = home.classes.get(attribute) if home is not None else None
        if home is None or written is None:
            return False
        names = [_dotted(d.func if isinstance(d, ast.Call) else d) for d in written.decorator_list]
        if any(decorator.rpartition(".")[2] == "pconfig" for decorator in names):
            return True
        return any(self._is_config_class(home, _dotted(base), seen) for base in written.bases)

    def _module(self, name: str) -> Module | None:
        """Return a module of the project by its dotted name, read from its file."""
        if name in self._modules or not name:
            return self._modules.get(name)
        import sys

        for folder in ["", *sys.path]:
            stem = Path(folder or ".").joinpath(*name.split("."))
            for file in (stem.with_suffix(".py"), stem / "__init__.py"):
                if file.is_file():
                    return self._read(name, file)
        self._modules[name] = None
        return None

    def _read(self, name: str, file: Path) -> Module | None:
        if name not in self._modules:
            self._modules[name] = None
            try:
                # As Python reads it: with a byte order mark, or in the encoding that it names.
                with tokenize.open(file) as opened:
                    self._modules[name] = Module(name, str(file), opened.read())
            except (*NOT_PYTHON, OSError) as error:
                self._reasons[file] = _reason(error)
                return None
        return self._modules[name]


def _reason(error: Exception) -> str:
    if isinstance(error, SyntaxError):
        return f"line {error.lineno}: {error.msg}" if error.lineno else str(error.msg)
    if isinstance(error, (RecursionError, MemoryError)):
        return "it is nested too deeply"
    return "it is not UTF-8" if isinstance(error, UnicodeError) else str(error)


def called_name(node: ast.expr) -> str:
    """Return the dotted name that an expression is, or that it calls; nothing for any other."""
    return _dotted(node.func if isinstance(node, ast.Call) else node)


def _dotted(node: ast.expr) -> str:
    """Return `a.b.c` of an expression that is a chain of names; nothing for any other."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def loaded_config(node: ast.AST | None) -> tuple[str, str] | None:
    """Return module and name of `import_module("lab.01_first").config`; None for all else."""
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Call):
        return None
    call = node.value
    if called_name(call).rpartition(".")[2] != "import_module" or len(call.args) != 1:
        return None
    module = call.args[0]
    if isinstance(module, ast.Constant) and isinstance(module.value, str):
        return module.value, node.attr
    return None


def _about(module: Module, statement: ast.stmt, following: ast.stmt | None) -> str:
    """Return the text below an experiment, the comment above it, or the docstring of its module."""
    if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
        if isinstance(following.value.value, str):
            return _first_line(following.value.value)
    above: list[str] = []
    for line in reversed(module.lines[: statement.lineno - 1]):
        if not line.startswith("#"):
            break
        above.append(line.lstrip("# "))
    return above[-1] if above else _first_line(ast.get_docstring(module.tree) or "")


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]
