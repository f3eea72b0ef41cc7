"""Trees of Hydra: a main file, its defaults list, groups of files, experiments.

Composition follows Hydra 1.3: `_self_` is last where it is not given, packages are relative to the
package of the file that names the group, and `override` changes a choice made elsewhere.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any

from pconfigs.adoption.names import free_name, module_name
from pconfigs.adoption.nodes import (
    Interpolation,
    Mapping,
    Node,
    Path,
    Place,
    Scalar,
    Sequence,
    copied,
    merged,
    rebuilt,
    walk,
)
from pconfigs.adoption.reading.groups import SETTINGS, YAML, left_out
from pconfigs.adoption.reading.sweeper import sweep_of
from pconfigs.adoption.reading.yaml_tree import DEEPEST, MOST, read_yaml
from pconfigs.adoption.source import Experiment, Option, Source, Sweep
from pconfigs.errors.base import Problem
from pconfigs.errors.serialization import AdoptError
from pconfigs.serialization.formats.interpolations import Reference

MAIN_NAMES = ("config", "main", "train", "base", "default")
"""Names that the main file of a folder usually has."""
MOST_OVERRIDES = 100
"""Times that a tree is composed until no override changes a choice."""


@dataclass(slots=True)
class Entry:
    """One line of a defaults list.

    Attributes:
        group: The group that a file is chosen of; None where a file is named.
        names: The files chosen, without suffix; empty for null.
        package: The word after `@`.
    """

    place: Place
    group: str | None
    names: list[str]
    package: str | None
    optional: bool = False
    override: bool = False

    @property
    def is_self(self) -> bool:
        """Return whether the entry is `_self_`."""
        return self.group is None and self.names == ["_self_"]


def main_file(folder: FilePath) -> FilePath:
    """Return the main file of a folder.

    Raises:
        AdoptError: No file or more than one may be it.
    """
    files = sorted(path for path in folder.iterdir() if path.suffix in YAML)
    for name in MAIN_NAMES:
        for file in files:
            if file.stem == name:
                return file
    if len(files) == 1:
        return files[0]
    found = ", ".join(file.name for file in files) or "no YAML file"
    words = f"must have a main file (config.yaml, train.yaml …), got {found}"
    hint = f"give the main file: {folder / files[0].name}" if files else "give another folder"
    raise AdoptError([Problem(str(folder), words, hint)])


def read_hydra(file: FilePath) -> Source:
    """Return a main file with its groups, options and experiments.

    Raises:
        AdoptError: A file is missing or malformed, or a defaults list is not understood.
    """
    composer = Composer(file.parent)
    tree = composer.compose(file.stem, {})
    source = Source(file.stem, str(file), tree, sweep=composer.sweep)
    groups = dict(composer.groups)
    source.groups = {group: package for group, (package, _) in groups.items()}
    for group, (package, chosen) in groups.items():
        deltas = composer.is_of_deltas(group)
        for name in composer.options(group):
            if deltas:
                taken = [one.name for one in source.experiments]
                source.experiments.append(_experiment(composer, file, group, name, taken))
                continue
            is_chosen = name in chosen
            tree = composer.compose(file.stem, {} if is_chosen else {group: [name]})
            option = Option(package, name, tree, composer.file(f"{group}/{name}").doc)
            source.options.insert(0 if is_chosen else len(source.options), option)
    for other in sorted(file.parent.iterdir()):
        if other.suffix in YAML and other != file:
            words = f"is another main file: adopt it by itself, with {other} as the source"
            source.findings.append(Problem(str(other), words))
    read = [path for name in composer.read if (path := composer.path(name))]
    source.findings += left_out(file, read)
    source.findings += composer.findings.values()
    return source


def _experiment(
    composer: Composer, file: FilePath, group: str, name: str, taken: list[str]
) -> Experiment:
    tree = composer.compose(file.stem, {group: [name]})
    plain = module_name(name)
    module = plain if group in ("experiment", "experiments") else f"{module_name(group)}_{plain}"
    found = composer.file(f"{group}/{name}")
    module = free_name(module, taken)
    return Experiment(module, None, tree, found.place.file, found.doc, composer.sweep)


class Composer:
    """Compose files of one folder.

    Attributes:
        groups: Groups that defaults lists choose from: where their values are, and the choice of
            the first composition.
        findings: What is left out, by file.
        sweep: What the last composition varies.
    """

    def __init__(self, folder: FilePath) -> None:
        self.folder = folder
        self.read: dict[str, Mapping] = {}
        self.sizes: dict[str, int] = {}
        self.groups: dict[str, tuple[Path, list[str]]] = {}
        self.findings: dict[str, Problem] = {}
        self.sweep: Sweep | None = None

    def path(self, name: str) -> FilePath | None:
        """Return the file of a config `group/name`, or None."""
        for suffix in YAML:
            path = self.folder / f"{name}{suffix}"
            if os.path.isfile(path):  # also where the name is too long for one
                return path
        return None

    def file(self, name: str) -> Mapping:
        """Return the tree of a config `group/name`."""
        if name not in self.read:
            path = self.path(name)
            assert path is not None
            self.read[name] = read_yaml(path)
            self.sizes[name] = sum(1 for _ in walk(self.read[name]))
        return self.read[name]

    def options(self, group: str) -> list[str]:
        """Return the names of the files of a group."""
        folder = self.folder / group
        files = folder.iterdir() if os.path.isdir(folder) else ()
        return sorted({path.stem for path in files if path.suffix in YAML})

    def is_of_deltas(self, group: str) -> bool:
        """Return whether the files of a group change the whole tree: `# @package _global_`."""
        options = self.options(group)
        return bool(options) and all(
            self.file(f"{group}/{name}").package == "_global_" for name in options
        )

    def compose(self, name: str, choices: dict[str, list[str]]) -> Mapping:
        """Return the tree of a main file, with other choices than its own for some groups."""
        run = _Run(self, dict(choices))
        # An override may choose a file with overrides of its own: repeat until none is new.
        for _ in range(MOST_OVERRIDES):
            before = dict(run.choices)
            run.parts.clear()
            run.values = 0
            run.expand(name, "", (), is_primary=True)
            if run.choices == before:
                break
        else:
            words = "overrides of its defaults must end with a choice, got one that changes again"
            raise AdoptError([Problem(self.file(name).place.file, words)])
        tree: Node = Mapping(place=self.file(name).place, doc=self.file(name).doc)
        for package, part in run.parts:
            for key in reversed(package):
                part = Mapping(place=part.place, items={key: part})
            tree = merged(tree, part)
        assert isinstance(tree, Mapping)
        settings = tree.items.pop(SETTINGS, None)
        self.sweep = sweep_of(settings, run.sweeper, tree)
        if settings is not None:
            self.leave_out(self.file(name).place.file)
        return tree

    def leave_out(self, file: str) -> None:
        """Note that settings of Hydra itself are not adopted."""
        words = (
            "has settings of Hydra itself (run folder, launcher, logging): they are not values of "
            "the experiment; see docs/from-hydra.md for what takes their place"
        )
        self.findings.setdefault(file, Problem(file, words))


class _Run:
    """One composition: the choices of groups, and the parts in the order in which they merge."""

    def __init__(self, composer: Composer, choices: dict[str, list[str]]) -> None:
        self.composer = composer
        self.given = set(choices)
        self.choices = choices
        self.parts: list[tuple[Path, Node]] = []
        self.chain: list[str] = []
        self.values = 0
        self.sweeper = ""

    def expand(self, name: str, group: str, package: Path, *, is_primary: bool = False) -> None:
        """Add a file and all that its defaults list names.

        Args:
            name: The file, `group/name`.
            group: Its group.
            package: Where its values go, unless its header differs.
            is_primary: Whether it is the main file.
        """
        tree = self.composer.file(name)
        self.refuse_endless(name, tree.place.file, package)
        self.chain.append(name)
        own = copied(tree)
        assert isinstance(own, Mapping)
        found = own.items.pop("defaults", None)
        entries = _entries(found) if found is not None else []
        if not any(entry.is_self for entry in entries):
            entries.append(Entry(tree.place, None, ["_self_"], None))
        for entry in entries:
            if entry.is_self:
                self.parts.append((package, _placed(own, package)))
            elif entry.override:
                self.override(entry, group)
            else:
                self.enter(entry, group, package, is_primary)
        self.chain.pop()

    def refuse_endless(self, name: str, file: str, package: Path) -> None:
        """Refuse a file that names itself, and defaults that grow beyond what one file may hold."""
        if name in self.chain:
            steps = " -> ".join([*self.chain[self.chain.index(name) :], name])
            raise AdoptError([Problem(file, f"must not name itself in its defaults: {steps}")])
        if len(self.chain) > DEEPEST or len(package) > DEEPEST:
            words = f"must be at most {DEEPEST} levels of defaults and packages deep"
            raise AdoptError([Problem(file, words)])
        self.values += self.composer.sizes[name]
        if self.values > MOST:
            words = f"must hold at most {MOST} values, with those of the files that defaults name"
            raise AdoptError([Problem(file, words)])

    def override(self, entry: Entry, group: str) -> None:
        """Change the choice for a group."""
        key = _absolute(entry.group or "", group)
        if not self.is_setting(key, entry) and key not in self.given:
            self.choices[key] = entry.names

    def is_setting(self, key: str, entry: Entry) -> bool:
        """Return whether a group is of Hydra itself; note which sweeper is chosen."""
        if key == f"{SETTINGS}/sweeper":
            self.sweeper = " ".join(entry.names)
        return key.split("/", maxsplit=1)[0] == SETTINGS

    def enter(self, entry: Entry, group: str, package: Path, is_primary: bool) -> None:
        """Add the files that an entry chooses."""
        if entry.group is None:
            for name in entry.names:
                full = _absolute(name, group)
                inner = full.rpartition("/")[0]
                relative = () if name.startswith("/") else tuple(name.split("/")[:-1])
                self.add(entry, full, inner, package, relative)
            return
        key = _absolute(entry.group, group)
        if self.is_setting(key, entry):
            self.composer.leave_out(entry.place.file)
            return
        names = self.choices.get(key, entry.names)
        relative = tuple(entry.group.strip("/").split("/"))
        where = _package(entry.package, package, relative)
        known = self.composer.groups.setdefault(key, (where, entry.names))
        if is_primary and not known[1]:
            self.composer.groups[key] = (where, entry.names)
        for name in names:
            self.add(entry, f"{key}/{name}", key, package, relative)

    def add(self, entry: Entry, name: str, group: str, package: Path, relative: Path) -> None:
        """Add one file, where it is there."""
        if self.composer.path(name) is None:
            if entry.optional:
                return
            known = ", ".join(self.composer.options(group)) or "none"
            words = f"must name a file of {group or 'the folder'} ({known}), got {name}"
            raise AdoptError([Problem(str(entry.place), words)])
        header = self.composer.file(name).package
        self.expand(name, group, _package(entry.package or header, package, relative))


def _absolute(name: str, group: str) -> str:
    """Return a name of a defaults list as a path from the folder."""
    if name.startswith("/") or not group:
        return name.strip("/")
    return f"{group}/{name}"


def _package(word: str | None, parent: Path, relative: Path) -> Path:
    """Return where values go: `_global_`, `_here_`, `_group_`, or a path below the parent's."""
    if word is None:
        return (*parent, *relative)
    if word == "_here_":
        return parent
    steps: list[Any] = []
    for step in word.split("."):
        if step == "_global_":
            parent = ()
        elif step == "_group_":
            steps += relative
        else:
            steps.append(step)
    return (*parent, *steps)


def _entries(node: Node) -> list[Entry]:
    """Return the lines of a defaults list.

    Raises:
        AdoptError: One is not understood.
    """
    if not isinstance(node, Sequence):
        raise AdoptError([Problem(str(node.place), "defaults must be a list")])
    return [_entry(item) for item in node.items]


def _entry(node: Node) -> Entry:
    if isinstance(node, Scalar) and isinstance(node.value, str):
        name, _, package = node.value.partition("@")
        return Entry(node.place, None, [name], package or None)
    if isinstance(node, Mapping) and len(node.items) == 1:
        ((key, value),) = node.items.items()
        *flags, rest = str(key).split() or [""]
        names = _names(value)
        if rest and names is not None and {"optional", "override"}.issuperset(flags):
            group, _, package = rest.partition("@")
            return Entry(
                node.place, group, names, package or None, "optional" in flags, "override" in flags
            )
    message = "must be a name, or `group: name` with names that are not interpolated"
    raise AdoptError([Problem(str(node.place), message, "write the choice that is meant")])


def _names(node: Node) -> list[str] | None:
    """Return the files that an entry chooses, or None where they are not plain names."""
    items = node.items if isinstance(node, Sequence) else [node]
    names: list[str] = []
    for item in items:
        if not isinstance(item, Scalar) or not (item.value is None or isinstance(item.value, str)):
            return None
        if item.value is not None:
            names.append(item.value)
    return names


def _placed(tree: Node, package: Path) -> Node:
    """Return a tree whose aliases refer to paths from the root of the composed tree."""

    def place(node: Node) -> Node:
        if not isinstance(node, Interpolation) or node.copy is None:
            return node
        assert isinstance(node.formula, Reference)
        return replace(node, formula=Reference((*package, *node.formula.path)))

    return rebuilt(tree, place)
