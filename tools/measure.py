"""Measure the source of a package: sizes, coupling, cycles, annotations and documentation.

`python tools/measure.py` prints a table for `pconfigs/`; other package folders may be named
to compare (`python tools/measure.py pconfigs ../attrs/src/attr`). `--json` prints the same
figures and their details (which modules form a cycle, which functions are long) as JSON.

A *code line* has at least one token that is neither a comment nor part of a docstring. The length
of a function is the number of its code lines, nested functions included. Only the standard
library is used, and nothing of the measured package is imported.
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import statistics
import sys
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

LONG_FUNCTION = 50  # code lines
LONG_MODULE = 450  # lines
FULL_FOLDER = 16  # modules, `__init__.py` not counted

Function = ast.FunctionDef | ast.AsyncFunctionDef
NO_CODE = {
    tokenize.COMMENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
    tokenize.INDENT,
    tokenize.NEWLINE,
    tokenize.NL,
}


@dataclass(slots=True)
class Module:
    """Figures of one source file."""

    name: str
    lines: int
    code: set[int]
    docstring_lines: int
    comment_lines: int
    functions: dict[str, int] = field(default_factory=dict)  # qualified name -> code lines
    classes: int = 0
    imports: set[str] = field(default_factory=set)  # own modules imported at import time
    lazy_imports: set[str] = field(default_factory=set)  # own modules imported inside functions
    typing_imports: set[str] = field(default_factory=set)  # own modules under TYPE_CHECKING
    lazy_statements: int = 0
    own_lazy_statements: int = 0
    typing_statements: int = 0
    typing_blocks: int = 0
    annotations: int = 0
    any_annotations: int = 0
    exec_calls: int = 0
    getattr_calls: int = 0
    setattr_calls: int = 0
    public: int = 0
    documented: int = 0


def package_modules(root: Path) -> dict[str, Path]:
    """Return the modules below the package folder `root` by their dotted names."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        parts = (root.name, *path.relative_to(root).with_suffix("").parts)
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def measure_module(name: str, path: Path, modules: Iterable[str]) -> Module:
    """Return the figures of one module; `modules` are the names of the package's own."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    docstrings = _docstring_lines(tree)
    code, comments = _code_and_comments(text, docstrings)
    module = Module(name, len(text.splitlines()), code, len(docstrings), len(comments))
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    _Visitor(module, package, frozenset(modules)).visit(tree)
    _count_documented(module, tree)
    return module


def _docstring_lines(tree: ast.Module) -> set[int]:
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | Function) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                if isinstance(first.value.value, str):
                    lines.update(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return lines


def _code_and_comments(text: str, docstrings: set[int]) -> tuple[set[int], set[int]]:
    code: set[int] = set()
    comments: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            comments.add(token.start[0])
        if token.type not in NO_CODE:
            code.update(range(token.start[0], token.end[0] + 1))
    return code - docstrings, comments


class _Visitor(ast.NodeVisitor):
    """Collect what depends on where a node is: inside a function, under TYPE_CHECKING."""

    def __init__(self, module: Module, package: str, modules: frozenset[str]) -> None:
        self.module, self.package, self.modules = module, package, modules
        self.scopes: list[str] = []
        self.functions = self.typing_blocks = 0

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.module.classes += 1
        self._visit_scope(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._visit_function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._visit_function(node)

    def _visit_function(self, node: Function) -> None:
        if self.typing_blocks == 0:
            span = range(node.lineno, (node.end_lineno or node.lineno) + 1)
            name = ".".join([*self.scopes, node.name])
            self.module.functions[name] = len(self.module.code.intersection(span))
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        every += [one for one in (arguments.vararg, arguments.kwarg) if one]
        for annotation in [*(one.annotation for one in every), node.returns]:
            self._count_annotation(annotation)
        self.functions += 1
        self._visit_scope(node)
        self.functions -= 1

    def _visit_scope(self, node: ast.ClassDef | Function) -> None:
        self.scopes.append(node.name)
        self.generic_visit(node)
        self.scopes.pop()

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._count_annotation(node.annotation)
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        if _last_name(node.test) != "TYPE_CHECKING":
            self.generic_visit(node)
            return
        self.module.typing_blocks += 1
        self.typing_blocks += 1
        for statement in node.body:
            self.visit(statement)
        self.typing_blocks -= 1
        for statement in node.orelse:
            self.visit(statement)

    def visit_Import(self, node: ast.Import) -> None:
        self._count_import(self._own(alias.name) for alias in node.names)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        base = node.module or ""
        if node.level:
            parts = self.package.split(".")
            outer = parts[: len(parts) - node.level + 1]
            base = ".".join([*outer, *([base] if base else [])])
        self._count_import(
            self._own(f"{base}.{alias.name}") or self._own(base) for alias in node.names
        )

    def _own(self, name: str) -> str | None:
        return name if name in self.modules else None

    def _count_import(self, names: Iterable[str | None]) -> None:
        own = {name for name in names if name and name != self.module.name}
        if self.typing_blocks:
            self.module.typing_imports |= own
            self.module.typing_statements += 1
        elif self.functions:
            self.module.lazy_imports |= own
            self.module.lazy_statements += 1
            self.module.own_lazy_statements += bool(own)
        else:
            self.module.imports |= own

    def visit_Call(self, node: ast.Call) -> None:
        name = _last_name(node.func)
        bare = isinstance(node.func, ast.Name)
        self.module.exec_calls += bare and name in {"exec", "eval"}
        literal = len(node.args) > 1 and isinstance(node.args[1], ast.Constant)
        self.module.getattr_calls += bare and name in {"getattr", "hasattr"} and literal
        self.module.setattr_calls += (bare and name == "setattr") or name in {"__setattr__", "_set"}
        self.generic_visit(node)

    def _count_annotation(self, annotation: ast.expr | None) -> None:
        if annotation is None:
            return
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            annotation = ast.parse(annotation.value, mode="eval").body
        self.module.annotations += 1
        self.module.any_annotations += any(
            _last_name(node) == "Any" for node in ast.walk(annotation)
        )


def _last_name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _count_documented(module: Module, tree: ast.Module) -> None:
    """Count public functions, classes and methods, and those that have a docstring."""
    scopes: list[ast.Module | ast.ClassDef] = [tree]
    while scopes:
        for node in scopes.pop().body:
            if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
                module.public += 1
                module.documented += ast.get_docstring(node) is not None
                if isinstance(node, ast.ClassDef):
                    scopes.append(node)


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules that import one another, largest first (Tarjan)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    groups: list[list[str]] = []

    def visit(node: str) -> None:
        order[node] = lowest[node] = len(order)
        stack.append(node)
        for target in sorted(graph.get(node, ())):
            if target not in order:
                visit(target)
                lowest[node] = min(lowest[node], lowest[target])
            elif target in stack:
                lowest[node] = min(lowest[node], order[target])
        if lowest[node] == order[node]:
            group = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(group) > 1:
                groups.append(sorted(group))

    sys.setrecursionlimit(max(sys.getrecursionlimit(), 10 * len(graph) + 1000))
    for node in sorted(graph):
        if node not in order:
            visit(node)
    return sorted(groups, key=lambda group: (-len(group), group))


@dataclass(slots=True)
class Figures:
    """The figures of one package."""

    package: str
    modules: int
    lines: int
    code_lines: int
    module_lines: list[int]  # median, 90 %, longest
    longest_module_share: float
    functions: int
    classes: int
    function_lines: list[int]  # median, 90 %, 95 %, longest
    long_functions: list[str]
    long_modules: list[str]
    full_folders: list[str]
    cycles: list[list[str]]  # at import time
    cycles_with_lazy: list[list[str]]  # imports inside functions counted, too
    cycles_with_typing: list[list[str]]  # imports under TYPE_CHECKING counted, too
    lazy_imports: int
    own_lazy_imports: int
    typing_imports: int
    modules_with_typing_blocks: list[str]
    own_imports_per_module: float
    any_annotations: int
    any_share: float
    exec_calls: int
    getattr_calls: int
    setattr_calls: int
    docstring_share: float
    comment_share: float
    comment_lines: int
    documented_share: float
    packages: dict[str, list[int]]  # modules, lines, code lines


@cache  # two tests measure the library, which takes seconds
def measure(root: Path) -> Figures:
    """Return the figures of the package in the folder `root`."""
    names = package_modules(root)
    modules = [measure_module(name, path, names) for name, path in names.items()]
    if not modules:
        raise SystemExit(f"{root} must be the folder of a package, and has no Python file")
    lines = sum(module.lines for module in modules)
    lengths = sorted(module.lines for module in modules)
    functions = {f"{m.name}.{name}": size for m in modules for name, size in m.functions.items()}
    sizes = sorted(functions.values()) or [0]
    imports = {module.name: module.imports for module in modules}
    lazy = {module.name: module.imports | module.lazy_imports for module in modules}
    every = {module.name: lazy[module.name] | module.typing_imports for module in modules}
    return Figures(
        package=root.name,
        modules=len(modules),
        lines=lines,
        code_lines=sum(len(module.code) for module in modules),
        module_lines=[_quantile(lengths, share) for share in (0.5, 0.9, 1)],
        longest_module_share=lengths[-1] / max(lines, 1),
        functions=len(functions),
        classes=sum(module.classes for module in modules),
        function_lines=[_quantile(sizes, share) for share in (0.5, 0.9, 0.95, 1)],
        long_functions=[name for name, size in functions.items() if size > LONG_FUNCTION],
        long_modules=[module.name for module in modules if module.lines > LONG_MODULE],
        full_folders=_full_folders(names.values(), root),
        cycles=cycles(imports),
        cycles_with_lazy=cycles(lazy),
        cycles_with_typing=cycles(every),
        lazy_imports=sum(module.lazy_statements for module in modules),
        own_lazy_imports=sum(module.own_lazy_statements for module in modules),
        typing_imports=sum(module.typing_statements for module in modules),
        modules_with_typing_blocks=[m.name for m in modules if m.typing_blocks],
        own_imports_per_module=statistics.fmean(len(targets) for targets in every.values()),
        any_annotations=sum(module.any_annotations for module in modules),
        any_share=_share(modules, "any_annotations", "annotations"),
        exec_calls=sum(module.exec_calls for module in modules),
        getattr_calls=sum(module.getattr_calls for module in modules),
        setattr_calls=sum(module.setattr_calls for module in modules),
        docstring_share=_share(modules, "docstring_lines", "lines"),
        comment_share=_share(modules, "comment_lines", "lines"),
        comment_lines=sum(module.comment_lines for module in modules),
        documented_share=_share(modules, "documented", "public"),
        packages=_by_package(modules),
    )


def _quantile(ordered: Sequence[int], share: float) -> int:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def _share(modules: Sequence[Module], part: str, whole: str) -> float:
    total = sum(getattr(module, whole) for module in modules)
    return sum(getattr(module, part) for module in modules) / total if total else 0.0


def _full_folders(paths: Iterable[Path], root: Path) -> list[str]:
    counts: dict[str, int] = {}
    for path in paths:
        if path.name != "__init__.py" and path.parent != root:
            folder = path.parent.relative_to(root).as_posix()
            counts[folder] = counts.get(folder, 0) + 1
    return [f"{folder} ({count})" for folder, count in counts.items() if count > FULL_FOLDER]


def _by_package(modules: Sequence[Module]) -> dict[str, list[int]]:
    packages: dict[str, list[int]] = {}
    folders = {module.name.rpartition(".")[0] for module in modules}
    for module in modules:
        parts = module.name.split(".")
        inside = len(parts) > 2 or module.name in folders
        name = parts[1] if inside and len(parts) > 1 else "(top)"
        row = packages.setdefault(name, [0, 0, 0])
        for column, amount in enumerate((1, module.lines, len(module.code))):
            row[column] += amount
    return dict(sorted(packages.items()))


def rows(figures: Figures) -> Iterator[tuple[str, str]]:
    """Yield the lines of the table: what is measured, and the figure."""
    code = max(figures.code_lines, 1)
    yield "modules", f"{figures.modules}"
    yield "lines / code lines", f"{figures.lines:,} / {figures.code_lines:,}"
    yield "module median / p90 / max lines", _slashed(figures.module_lines)
    yield "longest module, share", f"{figures.longest_module_share:.1%}"
    yield f"modules over {LONG_MODULE} lines", f"{len(figures.long_modules)}"
    yield f"folders over {FULL_FOLDER} modules", ", ".join(figures.full_folders) or "none"
    yield "functions / classes", f"{figures.functions:,} / {figures.classes}"
    yield "function median / p90 / p95 / max lines", _slashed(figures.function_lines)
    yield f"functions over {LONG_FUNCTION} lines", f"{len(figures.long_functions)}"
    yield "cycles at import time", _sizes(figures.cycles)
    yield "... with imports inside functions", _sizes(figures.cycles_with_lazy)
    yield "... with TYPE_CHECKING imports", _sizes(figures.cycles_with_typing)
    lazy = f"{figures.lazy_imports} ({figures.own_lazy_imports})"
    yield "imports inside functions (of own modules)", lazy
    yield "imports under TYPE_CHECKING", f"{figures.typing_imports}"
    yield "modules with a TYPE_CHECKING block", f"{len(figures.modules_with_typing_blocks)}"
    yield "own modules imported per module", f"{figures.own_imports_per_module:.1f}"
    per = 1000 * figures.any_annotations / code
    share = f"{figures.any_annotations:,} ({figures.any_share:.0%}; {per:.0f})"
    yield "annotations with Any (share; per 1,000 code lines)", share
    yield "exec/eval calls", f"{figures.exec_calls}"
    per = 1000 * figures.getattr_calls / code
    yield "getattr/hasattr with a literal name (per 1,000)", f"{figures.getattr_calls} ({per:.0f})"
    yield "setattr/object.__setattr__/_set", f"{figures.setattr_calls}"
    documentation = f"{figures.docstring_share:.1%} / {figures.comment_share:.1%}"
    yield "docstring lines / comment lines (share)", documentation
    yield "public names with a docstring", f"{figures.documented_share:.0%}"


def _slashed(values: Sequence[int]) -> str:
    return " / ".join(f"{value:,}" for value in values)


def _sizes(groups: Sequence[Sequence[str]]) -> str:
    return " + ".join(str(len(group)) for group in groups) or "none"


def print_table(packages: Sequence[Figures]) -> None:
    """Print one column for each package, then the sizes of the packages inside the first."""
    table = [["", *(figures.package for figures in packages)]]
    groups = zip(*(rows(figures) for figures in packages), strict=True)
    table += [[group[0][0], *(value for _, value in group)] for group in groups]
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    for row in table:
        first, *others = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join([row[0].ljust(widths[0]) if first else first, *others]).rstrip())
    print(f"\n{packages[0].package}: modules / lines / code lines")
    for name, sizes in packages[0].packages.items():
        print(f"  {name:16}{_slashed(sizes)}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the packages named on the command line and print their figures."""
    parser = argparse.ArgumentParser(description="Measure the source of a package.")
    here = Path(__file__).resolve().parent.parent / "pconfigs"
    parser.add_argument("folders", nargs="*", type=Path, default=[here], metavar="FOLDER")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")
    options = parser.parse_args(arguments)
    packages = [measure(folder.resolve()) for folder in options.folders]
    if options.json:
        print(json.dumps([asdict(figures) for figures in packages], indent=2))
    else:
        print_table(packages)


if __name__ == "__main__":
    main()
