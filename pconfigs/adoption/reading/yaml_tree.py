"""YAML files as trees, with lines and comments."""

from __future__ import annotations

import re
from pathlib import Path as FilePath
from typing import Any

from pconfigs.adoption.formulas import FormulaError, formula_of
from pconfigs.adoption.nodes import (
    Interpolation,
    Mapping,
    Missing,
    Node,
    Path,
    Place,
    Scalar,
    Sequence,
)
from pconfigs.adoption.reading.comments import Comments
from pconfigs.atomic_files import read_regular
from pconfigs.errors.base import Problem
from pconfigs.errors.formatting import shorten
from pconfigs.errors.serialization import AdoptError
from pconfigs.serialization.formats.interpolations import Reference
from pconfigs.serialization.formats.yaml_format import compose, scalar_value

LARGEST = 1 << 24
"""Bytes of a file that is read."""
DEEPEST = 100
"""Levels of nesting that are read: as deep as configs go."""
MOST = 200_000
"""Nodes of a file, with those that aliases repeat."""
_PLAIN_TAG = re.compile(r"tag:yaml\.org,2002:(null|bool|int|float|str)")


def read_yaml(path: FilePath) -> Mapping:
    """Return the tree of a YAML file; an empty file is an empty mapping.

    Raises:
        AdoptError: It is not YAML, has tags or a key twice, or holds more than a mapping.
    """
    shown = str(path)
    content = read_regular(shown, LARGEST + 1)
    if len(content) > LARGEST:
        raise AdoptError([Problem(shown, f"must be smaller than {LARGEST >> 20} MB")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AdoptError([Problem(shown, f"must be UTF-8: {error}")]) from error
    return tree_of(text, shown)


def tree_of(text: str, shown: str) -> Mapping:
    """Return the tree of YAML text.

    Raises:
        AdoptError: As of `read_yaml`.
    """
    root = compose(text, shown)
    comments = Comments(text)
    if root is None:
        head = comments.head(None)
        return Mapping(place=Place(shown, 1), doc=head, package=comments.package())
    tree = _Reader(shown, comments).node(root, (), 0)
    if not isinstance(tree, Mapping):
        words = f"must hold a mapping, got {_kind(tree)}"
        raise AdoptError([Problem(str(tree.place), words)])
    first = root.value[0][0].start_mark.line + 1 if root.value else None
    tree.doc, tree.package = comments.head(first), comments.package()
    if next(iter(tree.items), None) == "defaults":
        # The list of files has no place in the result: a comment above it is about the file.
        tree.doc = tree.doc or tree.items["defaults"].notes.text
    return tree


def _kind(node: Node) -> str:
    if isinstance(node, Sequence):
        return "a list"
    return shorten(node.value) if isinstance(node, Scalar) else "a value"


class _Reader:
    """Make nodes of the nodes of PyYAML."""

    def __init__(self, shown: str, comments: Comments) -> None:
        self.shown, self.comments = shown, comments
        self.known: dict[int, tuple[Path, Node | None]] = {}
        self.count = 0

    def node(self, found: Any, path: Path, depth: int) -> Node:
        """Return the node for one of PyYAML's."""
        place = Place(self.shown, found.start_mark.line + 1)
        self.count += 1
        if depth > DEEPEST or self.count > MOST:
            limit = f"{DEEPEST} levels" if depth > DEEPEST else f"{MOST} values"
            raise AdoptError([Problem(str(place), f"must hold at most {limit}")])
        if id(found) in self.known:
            return self.alias(found, place, path, depth)
        self.known[id(found)] = path, None
        made = self.fresh(found, place, path, depth)
        self.known[id(found)] = path, made
        return made

    def fresh(self, found: Any, place: Place, path: Path, depth: int) -> Node:
        """Return the node for one that is met for the first time."""
        if found.id == "mapping":
            return self.mapping(found, place, path, depth)
        if found.id == "sequence":
            self.refuse_tag(found, place, "tag:yaml.org,2002:seq")
            items = [
                self.node(one, (*path, index), depth + 1) for index, one in enumerate(found.value)
            ]
            return Sequence(place=place, items=items)
        return self.scalar(found, place)

    def alias(self, found: Any, place: Place, path: Path, depth: int) -> Node:
        """Return a reference to the value with the anchor, and the value."""
        anchor, node = self.known[id(found)]
        if node is None:
            raise AdoptError([Problem(str(place), "must not contain an alias of itself")])
        return linked(self.fresh(found, place, path, depth), anchor)

    def refuse_tag(self, found: Any, place: Place, expected: str) -> None:
        """Refuse a tag that is not one of plain YAML."""
        if found.tag != expected:
            words = f"must have no tags, got {found.tag}"
            hint = "replace the value by plain data; nothing that a tag names is loaded"
            raise AdoptError([Problem(str(place), words, hint)])

    def mapping(self, found: Any, place: Place, path: Path, depth: int) -> Mapping:
        """Return a mapping; `<<: *other` brings the keys of the other one."""
        self.refuse_tag(found, place, "tag:yaml.org,2002:map")
        made = Mapping(place=place)
        merges: list[Any] = []
        for key_node, value_node in found.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                merges += value_node.value if value_node.id == "sequence" else [value_node]
                continue
            key = self.key(key_node, made)
            value = self.node(value_node, (*path, key), depth + 1)
            value.notes = self.comments.notes(key_node, value_node)
            value.place = Place(self.shown, key_node.start_mark.line + 1)
            made.items[key] = value
        for other in merges:
            self.merge(made, other, path, depth)
        return made

    def merge(self, made: Mapping, other: Any, path: Path, depth: int) -> None:
        """Add the keys that another mapping has and `made` has not."""
        anchor, known = self.known.get(id(other), ((), None))
        source = known or self.node(other, path, depth + 1)
        if not isinstance(source, Mapping):
            raise AdoptError([Problem(str(source.place), "must be a mapping, which << merges")])
        for key, value in source.items.items():
            if key not in made.items:
                # Only what the other mapping has at a place of its own can be followed there.
                is_leaf = known is not None and isinstance(value, (Scalar, Interpolation))
                made.items[key] = linked(value, (*anchor, key)) if is_leaf else value

    def key(self, node: Any, made: Mapping) -> Any:
        """Return a key, which is a scalar that the mapping does not have yet."""
        place = Place(self.shown, node.start_mark.line + 1)
        if node.id != "scalar":
            raise AdoptError([Problem(str(place), "must have scalars as keys")])
        key = self.value(node, place)
        if key in made.items:
            raise AdoptError([Problem(str(place), f"must have each key once, got {key!r} twice")])
        return key

    def value(self, node: Any, place: Place) -> Any:
        """Return the value of a scalar node."""
        if not _PLAIN_TAG.fullmatch(node.tag):
            self.refuse_tag(node, place, "")
        try:
            return scalar_value(node)
        except ValueError as error:
            raise AdoptError([Problem(str(place), f"must be a value of YAML: {error}")]) from error

    def scalar(self, found: Any, place: Place) -> Node:
        """Return a scalar, an interpolation or a missing value."""
        value = self.value(found, place)
        if value == "???":
            return Missing(place=place)
        if isinstance(value, str) and "${" in value:
            return interpolation(value, place)
        return Scalar(place=place, value=value)


def linked(copy: Node, anchor: Path) -> Node:
    """Return a value that follows from the one at an anchor, of which it is a copy.

    A copy of an interpolation stays one: it may be relative to where it is.
    """
    if isinstance(copy, Interpolation) and copy.copy is None:
        return copy
    text, formula = f"*{anchor[-1]}", Reference(anchor)
    return Interpolation(place=copy.place, notes=copy.notes, text=text, formula=formula, copy=copy)


def interpolation(text: str, place: Place) -> Interpolation:
    """Return the node of a string with `${` in it."""
    try:
        return Interpolation(place=place, text=text, formula=formula_of(text))
    except FormulaError as error:
        return Interpolation(place=place, text=text, formula=None, problem=str(error))
