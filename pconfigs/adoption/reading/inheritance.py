"""Files that name the files they extend: `defaults: base.yaml`, as the recipes of NeMo do."""

from __future__ import annotations

import os
from collections.abc import Sequence as Many
from pathlib import Path as FilePath

from pconfigs.adoption.names import free_name, module_name
from pconfigs.adoption.nodes import Mapping, Node, Scalar, Sequence, copied, merged
from pconfigs.adoption.reading.groups import YAML
from pconfigs.adoption.reading.yaml_tree import DEEPEST, read_yaml
from pconfigs.adoption.source import Experiment, Source
from pconfigs.errors.base import Problem
from pconfigs.errors.serialization import AdoptError

REPLACES = "_override_"
"""A section with this key replaces the one below instead of being merged with it."""


def parents_of(tree: Mapping) -> list[str] | None:
    """Return the files that a tree extends; None where its `defaults` are of another kind."""
    found = tree.items.get("defaults")
    if found is None:
        return []
    nodes = found.items if isinstance(found, Sequence) else [found]
    names = [node.value for node in nodes if isinstance(node, Scalar)]
    is_files = len(names) == len(nodes) and all(
        isinstance(name, str) and name.endswith(YAML) for name in names
    )
    return names if is_files else None


def read_inherited(
    file: FilePath, others: Many[FilePath], folder: FilePath | None = None
) -> Source:
    """Return a file and its experiments, each composed with the files that it extends.

    Args:
        file: The main file.
        others: Experiments. One that extends another of them inherits from its module.
        folder: The folder that was given, where the main file is the one found in it.

    Raises:
        AdoptError: A file is missing or malformed, or extends itself.
    """
    composer = _Composer()
    source = Source(file.stem, str(file), composer.composed(file, ()))
    known: dict[FilePath, str] = {}
    for other in others:
        known[other.resolve()] = free_name(module_name(other.stem), known.values())
    for other in others:
        tree = composer.composed(other, ())
        parent = composer.first_ancestor(other, known)
        doc = composer.read[other.resolve()].doc
        source.experiments.append(Experiment(known[other.resolve()], parent, tree, str(other), doc))
    source.experiments.sort(key=lambda one: len(composer.chain(FilePath(one.source))))
    for path in sorted(folder.iterdir()) if folder is not None else ():
        if path.suffix in YAML and path.resolve() not in composer.read:
            hint = f"give it after {folder} to adopt it as an experiment"
            source.findings.append(Problem(str(path), "is left out", hint))
    return source


class _Composer:
    """Read files once and merge them."""

    def __init__(self) -> None:
        self.read: dict[FilePath, Mapping] = {}
        self.whole: dict[FilePath, Mapping] = {}
        self.chains: dict[FilePath, list[FilePath]] = {}

    def tree(self, file: FilePath) -> Mapping:
        """Return the tree of one file."""
        real = file.resolve()
        if real not in self.read:
            self.read[real] = read_yaml(file)
        return self.read[real]

    def parents(self, file: FilePath) -> list[FilePath]:
        """Return the files that a file extends."""
        tree = self.tree(file)
        names = parents_of(tree)
        if names is None:
            place = str(tree.items["defaults"].place)
            words = "defaults must be files, got groups: a file of Hydra extends no file of NeMo"
            raise AdoptError([Problem(place, words)])
        for name in names:
            if not os.path.isfile(file.parent / name):
                place = str(tree.items["defaults"].place)
                raise AdoptError([Problem(place, f"must name a file, got {name!r}")])
        return [file.parent / name for name in names]

    def chain(self, file: FilePath) -> list[FilePath]:
        """Return all files that a file extends, nearest first, each once."""
        real = file.resolve()
        if real not in self.chains:
            found: dict[FilePath, None] = {}
            for parent in self.parents(file):
                found.update(dict.fromkeys((parent.resolve(), *self.chain(parent))))
            self.chains[real] = list(found)
        return self.chains[real]

    def first_ancestor(self, file: FilePath, known: dict[FilePath, str]) -> str | None:
        """Return the module of the nearest file of `known` that a file extends."""
        return next((known[real] for real in self.chain(file) if real in known), None)

    def composed(self, file: FilePath, above: tuple[FilePath, ...]) -> Mapping:
        """Return a file over the files that it extends, each composed once."""
        real = file.resolve()
        if real in above:
            raise AdoptError([Problem(str(file), "must not extend itself")])
        if len(above) > DEEPEST:
            words = f"must be at most {DEEPEST} files above the first, each of which extends one"
            raise AdoptError([Problem(str(file), words)])
        if real not in self.whole:
            self.whole[real] = self.merged(file, (*above, real))
        whole = copied(self.whole[real])
        assert isinstance(whole, Mapping)
        return whole

    def merged(self, file: FilePath, above: tuple[FilePath, ...]) -> Mapping:
        """Return a file over the files that it extends, which are composed."""
        own = copied(self.tree(file))
        assert isinstance(own, Mapping)
        below: Mapping | None = None
        for parent in self.parents(file):
            tree = self.composed(parent, above)
            below = tree if below is None else _over(below, tree)
        own.items.pop("defaults", None)
        return own if below is None else _over(below, own)


def _over(below: Mapping, above: Mapping) -> Mapping:
    """Return one tree over another; sections marked `_override_` replace."""
    items = dict(below.items)
    for key, child in above.items.items():
        if isinstance(child, Mapping) and REPLACES in child.items:
            marker = child.items.pop(REPLACES)
            if isinstance(marker, Scalar) and marker.value:
                items.pop(key, None)
    left: Node = Mapping(place=below.place, notes=below.notes, items=items, doc=below.doc)
    found = merged(left, above)
    assert isinstance(found, Mapping)
    return found
