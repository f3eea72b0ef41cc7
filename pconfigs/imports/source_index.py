"""Index: what the modules of a project define, read from their source and kept in a cache.

The facts of a file are kept with its time and size, so that only files that have changed are read
again. Nothing is imported; what takes running to know is not in it.
"""

from __future__ import annotations

import json
import os
import sys
from binascii import crc32
from typing import Any

from pconfigs.atomic_files import cache_folder, read_cache, write_cache
from pconfigs.imports.files import module_name_in, package_path_of

VERSION = 3
"""Of the format of the cache, in which each file has its time and size, the names that are given
calls, and its facts as text, which is read where it is needed.
"""

VARIANTS = {"pset", "pbroadcast", "ptransform"}
SEVERAL = {"psweep": "sweep", "psearch": "search"}
"""Functions that make several variants, and what these are called."""

JUST_CHANGED = 2_000_000_000
"""Nanoseconds: a file may be written twice within the resolution of its time."""


class Source:
    """A module of which the source is known.

    Attributes:
        name: Its dotted name; its path where no import leads to it.
        path: Its file.
        called: The names that are given calls.
    """

    __slots__ = ("_facts", "_text", "called", "name", "path")

    def __init__(self, name: str, path: str, called: list[str], text: str) -> None:
        self.name, self.path, self.called = name, path, called
        self._facts: dict[str, Any] | None = None
        self._text = text

    @property
    def facts(self) -> dict[str, Any]:
        """The facts of the file, read from their text at first use."""
        if self._facts is None:
            facts: dict[str, Any] = json.loads(self._text)
            self._facts = facts
        return self._facts

    @property
    def is_package(self) -> bool:
        return os.path.basename(self.path) == "__init__.py"

    def binds(self, name: str) -> bool:
        """Return whether a name is seen to be defined or imported here, other than by `*`."""
        facts = self.facts
        return name in facts["classes"] or name in self.called or name in facts["imports"]

    def absolute(self, module: str) -> str:
        """Return the full name of a module that is imported here, as `..parts` may be."""
        name = module.lstrip(".")
        level = len(module) - len(name)
        if not level:
            return module
        package = self.name if self.is_package else self.name.rpartition(".")[0]
        parts = package.split(".")
        parts = parts[: len(parts) - level + 1]
        return ".".join([*parts, name] if name else parts)


class SourceIndex:
    """The modules of a project and of the import path, by name, read when they are asked for.

    Args:
        cache: The file that keeps what was read; none if empty. One that is broken is made anew.
    """

    def __init__(self, cache: str = "") -> None:
        self._cache = cache
        self._known = _load(cache) if cache else {}
        self._kept = dict(self._known)
        self._here = os.getcwd()
        self._modules: dict[str, Source | None] = {}
        self._folders: dict[str, str | None] = {}
        self.files_read = 0

    def add(self, path: str) -> Source:
        """Return the module in a file, which its name leads to from now on.

        Raises:
            OSError: The file cannot be read.
        """
        folder, file = os.path.split(path)
        if folder not in self._folders:
            self._folders[folder] = package_path_of(os.path.abspath(folder))
        name = module_name_in(self._folders[folder], file) or path
        found = self._modules[name] = self._read(name, path)
        return found

    def module(self, name: str) -> Source | None:
        """Return a module by its dotted name; None where no source of it is found."""
        if name not in self._modules:
            self._modules[name] = self._search(name)
        return self._modules[name]

    def _search(self, name: str) -> Source | None:
        if not name or name.partition(".")[0] in sys.stdlib_module_names:
            return None  # there are no config classes in it
        steps = name.split(".")
        for folder in sys.path:
            stem = os.path.join("" if folder == self._here else folder, *steps)
            for path in (os.path.join(stem, "__init__.py"), f"{stem}.py"):
                if os.path.isfile(path):
                    try:
                        return self._read(name, path)
                    except OSError:
                        return None
        return None

    def _read(self, name: str, path: str) -> Source:
        """Return the module in a file, read again unless it is as it was."""
        stat = os.stat(path)
        stamp = [stat.st_mtime_ns, stat.st_size]
        entry: Any = self._known.get(path)
        if entry is None or entry[:2] != stamp:
            # Loaded for files that have changed: they parse.
            from time import time_ns

            from pconfigs.imports.module_facts import facts_of

            now = time_ns()
            facts = facts_of(path)
            entry = [*stamp, list(facts["calls"]), json.dumps(facts, separators=(",", ":"))]
            self.files_read += 1
            if stamp[0] < now - JUST_CHANGED:
                self._kept[path] = entry
        return Source(name, path, entry[2], entry[3])

    def full_name(self, module: Source, dotted: str, limit: int = 20) -> str:
        """Return the full name of what a dotted name means in a module, as far as visible."""
        parts, imports = dotted.split("."), module.facts["imports"]
        for count in range(len(parts), 0, -1):
            known = imports.get(".".join(parts[:count]))
            if known is not None and limit:
                source, name = known
                rest = [name, *parts[count:]] if name else parts[count:]
                return self._full_inside(module.absolute(source), rest, limit - 1)
        if dotted and limit and not module.binds(parts[0]):
            home = self._starred(module, parts[0], {module.name})
            if home is not None:
                return self.full_name(home, dotted, limit - 1)
        return f"{module.name}.{dotted}" if dotted else module.name

    def _full_inside(self, source: str, rest: list[str], limit: int) -> str:
        """Return the full name of what is imported from a module: its own, or a module in it."""
        home = self.module(source)
        while rest and (home is None or not home.binds(rest[0])):
            inner = f"{source}.{rest[0]}"
            found = self.module(inner) if home is None or home.is_package else None
            if found is None:
                break
            source, home, rest = inner, found, rest[1:]
        if home is None:
            return ".".join([source, *rest])
        return self.full_name(home, ".".join(rest), limit)

    def _starred(self, module: Source, name: str, seen: set[str]) -> Source | None:
        """Return the module from which `from … import *` is seen to import a name."""
        if name.startswith("_"):
            return None
        for star in module.facts["stars"]:
            home = self.module(module.absolute(star))
            if home is not None and home.name not in seen:
                seen.add(home.name)
                found = home if home.binds(name) else self._starred(home, name, seen)
                if found is not None:
                    return found
        return None

    def class_facts(self, full: str) -> dict[str, Any]:
        """Return the facts of a class by its full name, or nothing."""
        name, _, attribute = full.rpartition(".")
        home = self.module(name)
        found: dict[str, Any] = {} if home is None else home.facts["classes"].get(attribute, {})
        return found

    def lineage(self, full: str) -> list[str]:
        """Return a class and its ancestors as far as their source is found, nearest first."""
        found: dict[str, None] = {}
        pending = [full]
        for one in pending:
            said = self.class_facts(one)
            if said and one not in found:
                found[one] = None
                home = self.module(one.rpartition(".")[0])
                if home is not None:
                    pending += [self.full_name(home, base) for base in said["bases"] if base]
        return list(found)

    def is_config_class(self, full: str) -> bool:
        """Return whether a class, or an ancestor of it, is decorated as a config class."""
        return any(self.class_facts(one)["config"] for one in self.lineage(full))

    def experiment(self, full: str) -> tuple[Source, dict[str, Any]] | None:
        """Return the module and the call that an experiment is made by, by its full name."""
        name, _, attribute = full.rpartition(".")
        home = self.module(name)
        if home is None or attribute not in home.called or not self.class_of(full):
            return None
        return home, home.facts["calls"][attribute]

    def class_of(self, full: str) -> str:
        """Return the config class of an experiment, or of what it is a variant of, or nothing."""
        seen: set[str] = set()
        while full not in seen:
            seen.add(full)
            name, _, attribute = full.rpartition(".")
            home = self.module(name)
            if home is None or attribute not in home.called:
                return ""
            call = home.facts["calls"][attribute]
            if not call["function"]:
                return ""
            function = self.full_name(home, call["function"])
            if self.is_config_class(function):
                return function
            last = function.rpartition(".")[2]
            if last not in VARIANTS and last not in SEVERAL:
                return ""
            if not call["arguments"] or not call["arguments"][0]:
                return ""
            full = self.full_name(home, call["arguments"][0])
        return ""

    def save(self) -> None:
        """Keep what was read, in one step; a folder that cannot be written to is ignored."""
        if not self._cache or self._kept == self._known:
            return
        kept = {path: entry for path, entry in self._kept.items() if os.path.exists(path)}
        content = json.dumps({"version": VERSION, "files": kept}, separators=(",", ":"))
        write_cache(self._cache, content.encode())


def index_here() -> SourceIndex:
    """Return the index of the current folder, kept in the user's own cache folder."""
    # CRC-32, as hashlib takes longer to load than the rest; whether an entry of the cache is of
    # the file that is here, its path, time and size decide.
    name = f"index-{crc32(os.fsencode(os.getcwd())):08x}"
    return SourceIndex(os.path.join(cache_folder(), "pconfigs", name))


def _load(cache: str) -> dict[str, list[Any]]:
    """Return what a cache file holds; nothing if it is missing, damaged or in another format."""
    try:
        data = json.loads(read_cache(cache))
    except OSError:
        return {}
    files: dict[str, list[Any]] = data["files"] if data["version"] == VERSION else {}
    return files
