"""Code of sweeps and searches, added to the module of an experiment."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pconfigs.adoption.description import ConfigClass, all_classes
from pconfigs.adoption.infer import field_at
from pconfigs.adoption.nodes import Path
from pconfigs.adoption.source import Parameter, Range, Source, Sweep
from pconfigs.adoption.writing.imports import Imports
from pconfigs.adoption.writing.texts import MARK, comment
from pconfigs.adoption.writing.value_code import ValueCode
from pconfigs.codegen.foreign_code import format_module
from pconfigs.errors.base import Problem
from pconfigs.syntax import module_tree

Check = Callable[[str, Any], str]


@dataclass(slots=True)
class SweepCode:
    """Write the sweep of one experiment.

    Args:
        root: The class of the main file; the names of its variants are final.
        source: What was read.
        check: Return why the experiment cannot have a value at a path, or "".
    """

    root: ConfigClass
    source: Source
    check: Check

    def added(self, text: str, module: str, sweep: Sweep) -> tuple[str, list[Problem]]:
        """Return the text of the module with the sweep in it, and what is not decided."""
        findings = list(sweep.findings)
        imports = Imports(module, {"config", "sweep", "search", *_names(text)})
        lines: list[str] = []
        for one in sweep.parameters:
            values, why = self.values(one, imports)
            if why:
                findings.append(Problem(str(one.place), f"{one.words}: {why}"))
            else:
                lines.append(values)
        marks = [comment(finding.message, MARK) for finding in findings]
        code = _statement(sweep, lines, imports) if lines else ""
        head, tail = _split_imports(text)
        whole = "\n".join([head, imports.text(), "", tail.rstrip(), "", *marks, code])
        return format_module(f"{whole.rstrip()}\n"), findings

    def values(self, one: Parameter, imports: Imports) -> tuple[str, str]:
        """Return the entry of one parameter; or nothing, and why it has none."""
        if one.key.replace(".", "/") in self.source.groups:
            return self.options(one, imports)
        path = self.names(tuple(one.key.split(".")))
        if path is None:
            return "", "the config has no such value"
        if isinstance(one.space, Range):
            return self.range(path, one.space, imports)
        problems = [why for value in one.space if (why := self.check(path, value))]
        if problems:
            return "", problems[0]
        return f"{path!r}: {ValueCode(imports).of(one.space)}", ""

    def range(self, path: str, found: Range, imports: Imports) -> tuple[str, str]:
        """Return the entry for numbers between two."""
        for end in (found.low, found.high):
            if why := self.check(path, end):
                return "", why
        whole = type(found.low) is int and type(found.high) is int
        name = "Integers" if whole else "LogUniform" if found.log else "Uniform"
        log = ", log=True" if whole and found.log else ""
        name = imports.imported("pconfigs.sweeps", name)
        return f"{path!r}: {name}({found.low}, {found.high}{log})", ""

    def options(self, one: Parameter, imports: Imports) -> tuple[str, str]:
        """Return the entry for files of a group."""
        where = self.source.groups[one.key.replace(".", "/")]
        path, space = self.names(where), one.space
        if path is None or isinstance(space, Range):
            return "", "a group of experiments: sweep over a list of them"
        known = {
            variant.source: (f"{one.package}.{one.module}", variant.name)
            for one in all_classes(self.root)
            for variant in one.variants
        }
        names: list[str] = []
        for value in space:
            found = known.get((where, str(value)))
            if found is None:
                return "", f"the group has no file {value}"
            names.append(imports.imported(*found))
        return f"{path!r}: [{', '.join(names)}]", ""

    def names(self, path: Path) -> str | None:
        """Return a path of keys as a path of fields; None where there is no such field."""
        found = [field_at(self.root, path[: count + 1]) for count in range(len(path))]
        return ".".join(one.name for one in found if one) if found and all(found) else None


def _statement(sweep: Sweep, lines: list[str], imports: Imports) -> str:
    """Return the statement that makes a sweep or a search."""
    body = f"{{{', '.join(lines)}}}"
    if not sweep.is_search:
        return f"sweep = {imports.imported('pconfigs', 'psweep')}(config, grid={body})"
    settings = "".join(f", {key}={value}" for key, value in sweep.settings.items())
    call = imports.imported("pconfigs", "psearch")
    return f"search = {call}(config, space={body}, goal={sweep.goal!r}{settings})"


def _names(text: str) -> set[str]:
    """Return the names that a module imports."""
    found = [one for one in ast.walk(module_tree(text)) if isinstance(one, ast.ImportFrom)]
    return {name.asname or name.name for one in found for name in one.names}


def _split_imports(text: str) -> tuple[str, str]:
    """Return the docstring of a module, and the rest."""
    first = next(
        (one for one in module_tree(text).body if isinstance(one, (ast.Import, ast.ImportFrom))),
        None,
    )
    lines = text.split("\n")
    at = first.lineno - 1 if first is not None else 0
    return "\n".join(lines[:at]), "\n".join(lines[at:])
