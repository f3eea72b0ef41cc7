"""Index: experiments of a project and the fields that can be set in them, from source, cached.

The facts of a file are cached with its time and size, so that only files that have changed are read
again. Nothing is imported; what takes running to know is not in it.
"""

from __future__ import annotations

import json
import os
from typing import Any

from pconfigs.atomic_files import read_cache, write_cache
from pconfigs.imports.files import module_name_in, package_path_of
from pconfigs.imports.source_files import python_files

VERSION = 2
MOST_FILES = 5000


class Index:
    """The completions in a folder.

    Args:
        folder: The project.
        cache: The file that keeps what was read; one that is broken is made anew.
    """

    def __init__(self, folder: str, cache: str) -> None:
        self._facts: dict[str, dict[str, Any]] = {}
        known = _load(cache)
        entries: dict[str, list[Any]] = {}
        packages: dict[str, str | None] = {}
        for count, path in enumerate(python_files(folder)):
            if count == MOST_FILES:
                break
            entry = entries[path] = _entry(path, known.get(path))
            home, file = os.path.split(path)
            if home not in packages:
                packages[home] = package_path_of(os.path.abspath(home))
            name = module_name_in(packages[home], file)
            if name is not None and entry[2]:
                self._facts[name] = entry[2]
        if entries != known:
            content = json.dumps({"version": VERSION, "files": entries})
            write_cache(cache, content.encode("utf-8", "backslashreplace"))

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
        if not call["is_variant"] or not call["arguments"]:
            return ""
        return self._class_of(self._full(module, call["arguments"][0]), seen | {target})

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


def _entry(path: str, known: list[Any] | None) -> list[Any]:
    """Return time, size and facts of a file, read again unless it is as it was."""
    stat = os.stat(path)
    stamp = [stat.st_mtime_ns, stat.st_size]
    if known is not None and known[:2] == stamp:
        return known
    # Loaded for files that have changed: it parses.
    from pconfigs.imports.completion_facts import facts_of

    return [*stamp, facts_of(path)]


def _load(cache: str) -> dict[str, list[Any]]:
    """Return what a cache file holds; nothing if it is missing, damaged or in another format."""
    try:
        data = json.loads(read_cache(cache))
    except OSError:
        return {}
    files: dict[str, list[Any]] = data["files"] if data["version"] == VERSION else {}
    return files
