"""Classes for composed trees: which there are, their fields, and the types of these.

A type is the union of what a field holds in any tree: that of the main file, of each option of a
group, of each experiment. A key that one tree has and another has not may be left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from pconfigs.adoption.description import ConfigClass, Field, Kind, Sample, Variant
from pconfigs.adoption.formulas import FormulaError, unknown_resolver, variables
from pconfigs.adoption.names import ClassNames, camel, field_name, is_field, module_name, singular
from pconfigs.adoption.nodes import (
    Interpolation,
    Mapping,
    Node,
    Path,
    Scalar,
    Sequence,
    at,
    dotted,
    plain,
    walk,
)
from pconfigs.adoption.resolved import Open, Values, settled
from pconfigs.adoption.source import Source
from pconfigs.errors.base import Problem
from pconfigs.errors.formatting import shorten
from pconfigs.errors.serialization import AdoptError
from pconfigs.serialization.formats.interpolations import Call, Constant, Formula, Listed

CONTROL = frozenset(("_target_", "_partial_", "_recursive_", "_convert_"))
"""Keys that Hydra reads itself."""
TAKEN = ("experiments", "environment")
"""Modules that the result has besides those of sections."""
CHOOSING = ("name", "type", "kind", "class_name", "cls", "_name_")
"""Keys that name which of several kinds a mapping is."""


class Inference:
    """Make the classes of one source."""

    def __init__(self, source: Source, package: str) -> None:
        self.source, self.package = source, package
        # A class with the name of a field could not be the type of that field, for type checkers.
        keys = {path[-1] for tree in source.trees() for path, _ in walk(tree) if path}
        self.names = ClassNames(key for key in keys if isinstance(key, str))
        self.known: dict[Any, ConfigClass] = {}
        self.findings: list[Problem] = list(source.findings)
        self.partial: set[Path] = set()
        self.options = {option.path for option in source.options}
        root = module_name(source.name)
        self.root_module = f"{root}_main" if root in TAKEN else root
        sections = [key for key, node in source.tree.items.items() if isinstance(node, Mapping)]
        self.homes = {one.casefold(): one for one in (*TAKEN, self.root_module)}
        self.modules = {key: self.section_module(key) for key in sections}

    def section_module(self, key: Any) -> str:
        """Return the module of a section of the main tree."""
        name = module_name(str(key))
        if name in (*TAKEN, self.root_module):
            name = f"{name}_section"
        # Files whose names differ in case alone are one file on some disks.
        while self.homes.setdefault(name.casefold(), name) != name:
            name = f"{name}_section"
        return name

    def root(self) -> ConfigClass:
        """Return the class of the main file.

        Raises:
            AdoptError: It has keys that no field can have; further down, these make a dict.
        """
        samples = [Sample(tree, (), tree) for tree in self.source.trees()]
        refuse_bad_names(samples)
        hint = self.source.name
        if hint == "config":
            hint = self.package.rpartition(".")[2]
        found = self.config_class(samples, hint, ())
        for option in self.source.options:
            self.variant(found, option.path, option.name, option.tree, option.doc)
        return found

    def module_of(self, path: Path) -> str:
        """Return the module of a class found at a path."""
        if not path:
            return self.root_module
        if path[0] not in self.modules:
            self.modules[path[0]] = self.section_module(path[0])
        return self.modules[path[0]]

    def variant(self, root: ConfigClass, path: Path, name: str, tree: Mapping, doc: str) -> None:
        """Add an option to the variants of its class."""
        node, field = at(tree, path), field_at(root, path)
        if isinstance(node, Mapping) and field is not None:
            chosen = class_for(field.kind, node)
            if chosen is not None:
                sample = Sample(node, path, tree)
                chosen.variants.append(Variant(module_name(name), sample, doc, (path, name)))

    def config_class(
        self, samples: list[Sample], hint: str, path: Path, choosing: str | None = None
    ) -> ConfigClass:
        """Return the class of mappings that are of one kind."""
        first = samples[0]
        assert isinstance(first.node, Mapping)
        target = first.target
        made = ConfigClass(
            name="", module=self.module_of(path), doc=first.node.notes.text or first.node.doc,
            path=path, target=target, default=first, package=self.package,
        )  # fmt: skip
        partial = first.items.get("_partial_")
        made.is_partial = isinstance(partial, Scalar) and partial.value is True
        for key in dict.fromkeys(key for sample in samples for key in sample.items):
            if key not in CONTROL:
                made.fields[key] = self.field(samples, key, path, choosing == key)
        if path and _is_collection(made):
            # Callbacks, loggers: any of them may be left out, as `~callbacks.x` does.
            for field in made.fields.values():
                field.omitted = True
        # Sections of equal fields are of one class, which is known only once it is made.
        signature = self.signature(made, hint)
        if signature in self.known:
            return self.known[signature]
        made.name = self.names.choose(target.rpartition(".")[2] if target else hint, path)
        if signature is not None:
            self.known[signature] = made
        return made

    def signature(self, made: ConfigClass, hint: str) -> Any:
        """Return what two classes must have in common to be one; None where they never are."""
        # Formulas and marks are of one place in the tree: what a value follows from differs by it.
        if any(one.formula or one.omitted or one.marks for one in made.fields.values()):
            return None
        fields = tuple((key, repr_of(one.kind), one.notes) for key, one in made.fields.items())
        return made.module, hint, made.target, fields

    def field(self, samples: list[Sample], key: Any, path: Path, literal: bool) -> Field:
        """Return a field of a class."""
        inner = [one.inside(key, one.items[key]) for one in samples if key in one.items]
        absent = len(inner) < len(samples)
        first = inner[0]
        place, notes = first.node.place, first.node.notes
        found = Field(key, field_name(str(key)), Kind(), notes, place, absent)
        if literal and isinstance(first.node, Scalar):
            found.kind.literals.append(first.node.value)
            return found
        where = (*path, key)
        if where in self.source.marks:
            self.undecided(found, first, self.source.marks[where])
        if where in self.source.kinds:
            found.kind = self.source.kinds[where]
            return found
        found.kind = self.kind(inner, str(key), where)
        self.follow(found, first)
        is_whole = isinstance(first.node, Sequence) or found.kind.value is not None
        if is_whole and found.formula is None and not found.marks and _holds_open(first):
            words = f"a part of it must be given: {shorten(plain(first.node))}"
            self.undecided(found, first, words)
        if found.kind.is_empty and found.formula is None:
            found.kind.any = True
            if not found.marks:
                known = "only null" if found.kind.none else "no value"
                self.undecided(found, first, f"the source has {known} here: give the type")
        return found

    def follow(self, found: Field, first: Sample) -> None:
        """Give a field the formula that its first value has, or note why it has none."""
        formula, problem = formula_at(first)
        if formula is None and problem:
            self.undecided(found, first, problem)
        if formula is None:
            return
        name = unknown_resolver(formula)
        failing = _failing(Values(first.tree).of(first.node, first.path))
        if failing is not None:
            self.undecided(found, first, failing.why)
            return
        if name is None:
            found.formula = formula
            found.secret = any(one.is_secret for one in variables(formula))
            return
        text = getattr(first.node, "text", "") or shorten(plain(first.node))
        found.kind.any = False
        if not isinstance(formula, Call) or formula.name in ("oc.env", "now", "hydra"):
            found.kind.names.add("str")
        self.undecided(found, first, f"the source computes it: {text}")

    def undecided(self, found: Field, sample: Sample, words: str) -> None:
        """Mark a field, and list it."""
        found.marks.append(words)
        place = str(sample.node.place)
        self.findings.append(Problem(place, f"{dotted(sample.path)}: {words}"))

    def kind(self, samples: list[Sample], hint: str, path: Path) -> Kind:
        """Return the type of values that are at one path."""
        found = Kind()
        mappings: list[Sample] = []
        items: list[Sample] = []
        for sample in (one.without_alias() for one in samples):
            node = sample.node
            if isinstance(node, Scalar):
                if node.value is None:
                    found.none = True
                else:
                    found.names.add(_name_of(type(node.value)))
            elif isinstance(node, Mapping):
                mappings.append(sample)
            elif isinstance(node, Sequence):
                found.item = found.item or Kind()
                items += sample.inner()
        if items:
            assert found.item is not None
            found.item.add(self.kind(items, singular(hint), path))
            for one in found.item.classes:
                _forget_default(one)
        if found.item is not None and found.item.is_empty and not found.item.none:
            found.item.any = True
        if mappings and is_data(mappings):
            found.value = Kind()
            for sample in mappings:
                self.values(found, found.value, sample)
        elif mappings:
            for choosing, name, part in self.parts(mappings, path):
                made = self.config_class(part, name or hint, path, choosing)
                if made not in found.classes:
                    found.classes.append(made)
        found.widen()
        return found

    def values(self, found: Kind, value: Kind, sample: Sample) -> None:
        """Add the types of the keys and values of a dict."""
        for inner in sample.inner():
            key = inner.path[-1]
            found.keys.add("None" if key is None else type(key).__name__)
            if isinstance(inner.node, Mapping) or _holds_mapping(inner.node):
                value.any = True
            else:
                value.add(self.kind([inner], str(key), inner.path))
        if not sample.items and value.is_empty:
            value.any = True

    def parts(
        self, samples: list[Sample], path: Path
    ) -> list[tuple[str | None, str, list[Sample]]]:
        """Return samples by the class that they are of: choosing key, hint, samples."""
        by_target = _grouped(samples, [sample.target for sample in samples])
        if len(by_target) > 1 and None in by_target:
            for sample in by_target.pop(None):
                self.leave_partial(sample)
        if len(by_target) > 1:
            return [(None, str(target), part) for target, part in by_target.items()]
        (part,) = by_target.values()
        if path in self.options or any(isinstance(sample.path[-1], int) for sample in part):
            for key in CHOOSING:
                by_value = _grouped(part, [_literal(sample, key) for sample in part])
                if None not in by_value and _keys_differ(by_value.values()):
                    return [
                        (key, camel(str(value).rpartition(".")[2]), some)
                        for value, some in by_value.items()
                    ]
        return [(None, "", part)]

    def leave_partial(self, sample: Sample) -> None:
        """Note a part without `_target_`, which changes a part that is not chosen."""
        if sample.path not in self.partial:
            words = "changes a part that is not chosen there: it has no _target_, and is left out"
            self.findings.append(Problem(str(sample.node.place), f"{dotted(sample.path)}: {words}"))
        self.partial.add(sample.path)


def _holds_open(sample: Sample) -> bool:
    """Return whether a list or dict has a part that is open, but for configs in it."""
    if isinstance(sample.node, Mapping) and not is_data([sample]):
        return False
    value = Values(sample.tree).of(sample.node, sample.path)
    return isinstance(value, Open) or any(map(_holds_open, sample.inner()))


def _failing(value: Any) -> Open | None:
    """Return a computation in a value that fails."""
    if isinstance(value, (list, dict)):
        inner = value.values() if isinstance(value, dict) else value
        return next(filter(None, map(_failing, inner)), None)
    return value if isinstance(value, Open) and value.fails else None


def _name_of(cls: type) -> str:
    """Return the name of a type; of one that is not built in, with its module."""
    return cls.__name__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__name__}"


def _forget_default(one: ConfigClass) -> None:
    """Take the default from a class of list items, and from those below: each item is whole."""
    one.default = None
    for child in one.children():
        _forget_default(child)


def _is_collection(made: ConfigClass) -> bool:
    """Return whether a class holds nothing but objects by name, each made from a target."""
    kinds = [field.kind for field in made.fields.values()]
    targets = [kind.one_class for kind in kinds]
    return (
        made.target is None
        and bool(kinds)
        and all(one is not None and one.target is not None for one in targets)
    )


def _holds_mapping(node: Node) -> bool:
    return isinstance(node, Sequence) and any(
        isinstance(item, Mapping) or _holds_mapping(item) for item in node.items
    )


def _literal(sample: Sample, key: str) -> str | None:
    found = sample.items.get(key)
    value = found.value if isinstance(found, Scalar) else None
    return value if isinstance(value, str) else None


def _grouped(samples: list[Sample], values: list[str | None]) -> dict[str | None, list[Sample]]:
    """Return samples by the value that each has."""
    found: dict[str | None, list[Sample]] = {}
    for sample, value in zip(samples, values, strict=True):
        found.setdefault(value, []).append(sample)
    return found


def _keys_differ(groups: Iterable[list[Sample]]) -> bool:
    """Return whether mappings of different groups have different keys."""
    return len({frozenset(key for one in group for key in one.items) for group in groups}) > 1


def refuse_bad_names(samples: list[Sample]) -> None:
    """Raise AdoptError for all keys at the top of trees that no field can have."""
    keys = {key: str(node.place) for one in samples for key, node in one.items.items()}
    counts = Counter(field_name(key) for key in keys if isinstance(key, str))
    findings: list[Problem] = []
    hint = "name it with letters, digits and _, or move it into a section"
    for key, place in keys.items():
        name = field_name(key) if isinstance(key, str) else ""
        if not is_field(name):
            words = f"a key at the top must be the name of a field, got {shorten(key)}"
            findings.append(Problem(place, words, hint))
        elif name != key and counts[name] > 1:
            words = f"{shorten(key)} would be the field {name}, which another key at the top is"
            findings.append(Problem(place, words, "rename one of them"))
    if findings:
        raise AdoptError(findings)


def is_data(samples: list[Sample]) -> bool:
    """Return whether mappings are dicts: empty at first, or with keys that no field can have."""
    return not samples[0].items or not all(is_field(key) for one in samples for key in one.items)


def formula_at(sample: Sample) -> tuple[Formula | None, str]:
    """Return what a value follows from, with paths from the root; or why that is not known."""
    node = sample.node
    if isinstance(node, Interpolation):
        if isinstance(node.copy, Mapping):
            return None, ""
        if node.formula is None:
            return None, node.problem
        try:
            return settled(node.formula, sample.path[:-1], sample.tree), ""
        except FormulaError as error:
            return None, str(error)
    if isinstance(node, Sequence) and any(isinstance(item, Interpolation) for item in node.items):
        items: list[Formula] = []
        for item in sample.inner():
            inner, problem = formula_at(item)
            if inner is None and not isinstance(item.node, Scalar):
                return None, problem or "an item of the list follows from another value"
            items.append(inner or Constant(getattr(item.node, "value", None)))
        return Listed(tuple(items)), ""
    return None, ""


def field_at(root: ConfigClass, path: Path) -> Field | None:
    """Return the field at a path, or None."""
    classes = [root]
    found: Field | None = None
    for step in path:
        found = next((one.fields[step] for one in classes if step in one.fields), None)
        if found is None:
            return None
        classes = found.kind.classes
    return found


def class_for(kind: Kind, node: Mapping) -> ConfigClass | None:
    """Return the class of a type that a mapping is of, or None."""
    keys = set(node.items) - CONTROL
    for one in kind.classes:
        if one.target == node.target and keys <= set(one.fields) and _literals_fit(one, node):
            return one
    return None


def _literals_fit(one: ConfigClass, node: Mapping) -> bool:
    for key, field in one.fields.items():
        value = node.items.get(key)
        if field.kind.literals and isinstance(value, Scalar):
            if value.value not in field.kind.literals:
                return False
    return True


def repr_of(kind: Kind) -> Any:
    """Return a value that is equal for equal types."""
    inner = [repr_of(one) if one is not None else None for one in (kind.item, kind.value)]
    classes = tuple(id(one) for one in kind.classes)
    names = (tuple(sorted(kind.names)), tuple(kind.literals))
    return (names, classes, *inner, tuple(sorted(kind.keys)), kind.none, kind.any)
