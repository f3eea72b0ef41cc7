"""Index: experiments of a project and the fields that can be set in them, from source, cached.

The facts of a file are cached with its time and size, so that only files that have changed are read
again. Nothing is imported; what takes running to know is not in it.
"""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path

from pconfigs.imports.discovery import VARIANTS, Module, called_name, python_files
from pconfigs.imports.files import NOT_PYTHON, module_name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    # The facts of one file, as plain data: see `facts_of`.
    Facts: TypeAlias = dict[str, Any]

VERSION = 1
MOST_FILES = 5000
KEYED = {"list", "tuple", "dict", "List", "Tuple", "Dict", "Sequence", "Mapping"}


class Index:
    """The completions in a folder.

    Args:
        folder: The project.
        cache: The file that keeps what was read; one that is broken is made anew.
    """

    def __init__(self, folder: Path, cache: Path) -> None:
        self._facts: dict[str, Facts] = {}
        self._followed: dict[str, str] = {}
        known = _load(cache)
        entries: dict[str, list[Any]] = {}
        for count, file in enumerate(python_files(folder)):
            if count == MOST_FILES:
                break
            stat = file.stat()
            stamp = [stat.st_mtime_ns, stat.st_size]
            entry = known.get(str(file))
            if entry is None or entry[:2] != stamp:
                entry = [*stamp, facts_of(file)]
            entries[str(file)] = entry
        for file_name, entry in entries.items():
            name = module_name_of(file_name)
            if name is not None and entry[2]:
                self._facts[name] = entry[2]
        if entries != known:
            _save(cache, entries)

    def targets(self) -> list[str]:
        """Dotted paths of the experiments."""
        return sorted(
            f"{module}.{name}"
            for module, facts in self._facts.items()
            for name in facts["calls"]
            if self._class_of(f"{module}.{name}", frozenset())
        )

    def settable(self, target: str, path: list[str]) -> dict[str, dict[str, Any]]:
        """Return the fields that can be set where a path leads from an experiment.

        Each has `part`, whether there are fields in it, and `choices`, texts of its values.
        """
        home = f"{target}.config" if target in self._facts else target
        cls = self._class_of(home, frozenset())
        keyed = False
        for step in path:
            # After a list or a dict comes an index or a key, which leads to its items.
            if keyed:
                keyed = False
                continue
            keyed = self._said(cls, step).get("keyed", False)
            cls = self._part(home, cls, step)
            home = ""
        if keyed:
            return {}
        found: dict[str, dict[str, Any]] = {}
        for one in reversed(self._lineage(cls)):
            for name, said in self._class(one).get("fields", {}).items():
                part = self._part(home, cls, name)
                found[name] = {"part": bool(part), "choices": said["choices"]}
                if said["pinned"] or (said.get("computed") and not part):
                    del found[name]
        return found

    def _part(self, experiment: str, cls: str, name: str) -> str:
        """Return the config class of what a field holds, or nothing."""
        module, _, attribute = experiment.rpartition(".")
        call = self._facts.get(module, {}).get("calls", {}).get(attribute)
        if call is not None:
            function = call["keywords"].get(name)
            if function:
                return self._if_config(self._full(module, function))
            for base in call["arguments"]:
                found = self._part(self._full(module, base), "", name)
                if found:
                    return found
        said = self._said(cls, name)
        names = [self._full(said["home"], word) for word in said.get("names", ())]
        return next((cls for name in names if (cls := self._if_config(name))), "")

    def _said(self, cls: str, name: str) -> dict[str, Any]:
        """Return the facts of a field and the module that declares it, or nothing."""
        for one in self._lineage(cls):
            said = self._class(one).get("fields", {}).get(name)
            if said is not None:
                return {**said, "home": one.rpartition(".")[0]}
        return {}

    def _class_of(self, target: str, seen: frozenset[str]) -> str:
        """Return the full name of the config class of an experiment, or nothing."""
        module, _, attribute = target.rpartition(".")
        call = self._facts.get(module, {}).get("calls", {}).get(attribute)
        if call is None or target in seen:
            return ""
        made = self._if_config(self._full(module, call["function"]))
        if made:
            return made
        variant = call["function"].rpartition(".")[2] in VARIANTS
        bases: list[str] = call["arguments"][:1] if variant else []
        for base in bases:
            return self._class_of(self._full(module, base), seen | {target})
        return ""

    def _if_config(self, full: str) -> str:
        """`full` where it is the name of a config class, or nothing."""
        return full if any(self._class(one).get("config") for one in self._lineage(full)) else ""

    def _lineage(self, full: str) -> list[str]:
        """Return a class and its ancestors in the project, nearest first."""
        found: dict[str, None] = {}
        pending = [full]
        for one in pending:
            said = self._class(one)
            if said and one not in found:
                found[one] = None
                home = one.rpartition(".")[0]
                pending += [self._full(home, base) for base in said["bases"]]
        return list(found)

    def _class(self, full: str) -> dict[str, Any]:
        module, _, name = full.rpartition(".")
        said: dict[str, Any] = self._facts.get(module, {}).get("classes", {}).get(name, {})
        return said

    def _full(self, module: str, dotted: str, limit: int = 10) -> str:
        """Return the full name of what a dotted name means in a module, through re-exports."""
        facts = self._facts.get(module)
        if facts is None or not dotted or not limit:
            return f"{module}.{dotted}"
        parts = dotted.split(".")
        for count in range(len(parts), 0, -1):
            known = facts["imports"].get(".".join(parts[:count]))
            if known is not None:
                source, name = known
                rest = [*([name] if name else []), *parts[count:]]
                return self._in_module(source, rest, limit)
        return f"{module}.{dotted}"

    def _in_module(self, source: str, rest: list[str], limit: int) -> str:
        while rest and f"{source}.{rest[0]}" in self._facts:
            source, rest = f"{source}.{rest[0]}", rest[1:]
        return self._full(source, ".".join(rest), limit - 1)


def facts_of(file: Path) -> Facts:
    """Return imports, classes and calls of a file; nothing if it is not Python."""
    try:
        module = Module(module_name_of(str(file)) or "", str(file), file.read_text("utf-8"))
    except (*NOT_PYTHON, OSError):
        return {}
    return {
        "imports": {name: list(origin) for name, origin in module.imports.items()},
        "classes": {name: _class_facts(node) for name, node in module.classes.items()},
        "calls": {name: _call_facts(call) for name, (call, _, _) in module.calls.items()},
    }


def _class_facts(node: ast.ClassDef) -> dict[str, Any]:
    decorators = [called_name(one) for one in node.decorator_list]
    fields: dict[str, Any] = {}
    computed: set[str] = set()
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            fields[statement.target.id] = _field_facts(statement.annotation)
        elif isinstance(statement, ast.FunctionDef):
            if any(called_name(one).endswith("pproperty") for one in statement.decorator_list):
                computed.add(statement.name)
    for name in computed:
        # Without an annotation a property is pinned; with one it may complete what it is given.
        fields.setdefault(name, {"names": [], "choices": [], "pinned": True})["computed"] = True
    return {
        "config": any(name.rpartition(".")[2] == "pconfig" for name in decorators),
        "bases": [called_name(base) for base in node.bases],
        "fields": {name: said for name, said in fields.items() if said is not None},
    }


def _field_facts(annotation: ast.expr) -> dict[str, Any] | None:
    """Return the names and choices in an annotation, and whether code gives the value."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value, mode="eval").body
        except SyntaxError:
            return {"names": [], "choices": [], "pinned": False}
    inside = list(ast.walk(annotation))
    names = [called_name(one) for one in inside if isinstance(one, (ast.Name, ast.Attribute))]
    heads = {name.rpartition(".")[2] for name in names}
    if "ClassVar" in heads:
        return None
    choices: list[str] = ["True", "False"] if "bool" in heads else []
    for node in inside:
        if isinstance(node, ast.Subscript) and called_name(node.value).endswith("Literal"):
            choices += [str(one.value) for one in ast.walk(node) if isinstance(one, ast.Constant)]
    pinned, keyed = "Pinned" in heads, not heads.isdisjoint(KEYED)
    return {"names": names, "choices": choices, "pinned": pinned, "keyed": keyed}


def _call_facts(call: ast.Call) -> dict[str, Any]:
    keywords = {
        keyword.arg: called_name(keyword.value.func)
        for keyword in call.keywords
        if keyword.arg and isinstance(keyword.value, ast.Call)
    }
    return {
        "function": called_name(call.func),
        "arguments": [called_name(argument) for argument in call.args],
        "keywords": keywords,
    }


def _load(cache: Path) -> dict[str, list[Any]]:
    """Return the contents of a cache file; nothing if it is missing or has another format."""
    try:
        data = json.loads(cache.read_text("utf-8"))
        if data["version"] != VERSION:
            return {}
        files: dict[str, list[Any]] = data["files"]
        good = all(
            len(entry) == 3
            and isinstance(entry[2], dict)
            and (not entry[2] or entry[2].keys() == {"imports", "classes", "calls"})
            for entry in files.values()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
    return files if good else {}


def _save(cache: Path, entries: dict[str, list[Any]]) -> None:
    """Write the cache in one step; ignore a folder that cannot be written to."""
    draft = cache.with_name(f"{cache.name}.{os.getpid()}")
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps({"version": VERSION, "files": entries}), "utf-8")
        draft.replace(cache)
    except OSError:
        return
