"""Overlays: partial data over a config. Mappings merge, everything else replaces.

What the data does not mention keeps the input that the config was given, so that values which
follow from others go on following them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pconfigs.errors.base import Problem
from pconfigs.errors.formatting import class_name
from pconfigs.errors.serialization import FormatError, LoadError
from pconfigs.markers import Omitted, Required, Secret
from pconfigs.provenance.data_files import entry_text
from pconfigs.provenance.locations import FileEntriesLocation
from pconfigs.schema.class_schema import is_config, is_config_class, schema_of
from pconfigs.schema.inheritance import input_of
from pconfigs.serialization.allowlist import ImportAllowlist, is_called
from pconfigs.serialization.conversion.tags import GIVEN, TYPE, VERSION
from pconfigs.serialization.formats.references import Resolvers, has_references, resolved
from pconfigs.serialization.formats.yaml_scalar import Located
from pconfigs.serialization.load_context import Load, not_a_mapping
from pconfigs.serialization.migration import check_given, is_word, migrate_fields
from pconfigs.serialization.places import place_in_entry
from pconfigs.serialization.save import read_unresolved
from pconfigs.tree.edit import edited
from pconfigs.tree.paths import ROOT, Item, Path
from pconfigs.validation.base import InvalidValue, classes_in

PARENTS = "defaults"
"""The key under which a file names the files that it extends."""
REPLACES = "_override_"
"""A mapping with this key replaces the one below."""


@dataclass(slots=True)
class Entry:
    """A value of an overlay, or a mapping of further ones.

    Attributes:
        node: Plain data; None where `inner` has all of it.
        inner: Entries by key, where it is a mapping.
        file, line: Where it is.
        replaces: Whether it takes the place of a mapping below.
    """

    file: str
    line: int
    node: Any = None
    inner: dict[Any, Entry] | None = None
    replaces: bool = False

    def plain(self) -> Any:
        """Return the data of the entry and all in it."""
        if self.inner is None:
            return self.node
        return {key: entry.plain() for key, entry in self.inner.items()}


def overlay(
    base: Any,
    data: Any,
    of: type,
    allow: str | Iterable[str],
    resolvers: Resolvers | None,
    call: tuple[Any, int],
) -> Any:
    """Return `base` with what plain data changes, made by `call`."""
    return _Overlay(base, of, allow, resolvers, "", call).apply(top_entry(data, "", 0))


def overlay_file(
    base: Any, file: str, of: type, allow: str | Iterable[str], resolvers: Resolvers | None
) -> Any:
    """Return `base` with what a file changes, and the files that it extends.

    A file names them as `defaults: other.yaml`, where its class has no such field.
    """
    entry = file_entry(file, of, ())
    return _Overlay(base, of, allow, resolvers, file, None).apply(entry)


def file_entry(file: str, of: type, above: tuple[str, ...]) -> Entry:
    """Return the entries of a file over those of the files that it extends."""
    real = os.path.realpath(file)
    if real in above:
        raise FormatError([Problem(PARENTS, "must not lead back to the file itself")], file)
    data, source = read_unresolved(file)
    entry = top_entry(data, file, 1, data if isinstance(data, Located) else source.tree)
    if not isinstance(data, dict) or PARENTS not in data or PARENTS in schema_of(of).fields:
        return entry
    assert entry.inner is not None
    del entry.inner[PARENTS]
    below: Entry | None = None
    for name in _parents(data[PARENTS], file):
        parent = os.path.join(os.path.dirname(file), name)
        if not os.path.isfile(parent):
            raise FormatError([Problem(PARENTS, f"must name a file, got {name!r}")], file)
        one = file_entry(parent, of, (*above, real))
        below = one if below is None else _over(below, one)
    return entry if below is None else _over(below, entry)


def _parents(node: Any, file: str) -> list[str]:
    names = node if isinstance(node, list) else [node]
    for name in names:
        if not isinstance(name, str) or not name.endswith((".yaml", ".yml")):
            words = "must be YAML files: groups of Hydra are composed before loading"
            hint = "adopt the tree once: python -m pconfigs.adopt SOURCE -o PACKAGE"
            raise FormatError([Problem(PARENTS, words, hint)], file)
    return [str(name) for name in names]


def entry_of(node: Any, file: str, line: int, tree: Any = None) -> Entry:
    """Return the entry of plain data; `tree` has the lines of its keys, where they are known."""
    if isinstance(node, dict) and any(map(is_word, node)):
        return Entry(file, line, node)
    return top_entry(node, file, line, tree)


def top_entry(node: Any, file: str, line: int, tree: Any = None) -> Entry:
    """Return the entry of all data: its class and version do not make it a value of its own."""
    if not isinstance(node, dict):
        return Entry(file, line, node)
    known = tree if isinstance(tree, Located) else Located()
    inner = {
        key: entry_of(item, file, known.lines.get(key, known.line or line), known.get(key))
        for key, item in node.items()
        if key != REPLACES
    }
    replaces = REPLACES in node and str(node[REPLACES]).lower() == "true"
    return Entry(file, line, None, inner, replaces)


def _over(below: Entry, above: Entry) -> Entry:
    """Return one entry over another."""
    if below.inner is None or above.inner is None or above.replaces:
        return above
    inner = dict(below.inner)
    for key, entry in above.inner.items():
        inner[key] = _over(inner[key], entry) if key in inner else entry
    return Entry(above.file, above.line, None, inner, below.replaces)


class _Overlay:
    """One overlay: what it changes, by path, and what is wrong with it."""

    def __init__(
        self,
        base: Any,
        of: type,
        allow: str | Iterable[str],
        resolvers: Resolvers | None,
        source: str,
        call: tuple[Any, int] | None,
    ) -> None:
        self.base, self.source, self.call = base, source, call
        self.top = Entry("", 0)
        self.resolvers = resolvers
        self.permitted = ImportAllowlist(of, allow)
        self.permitted.trust(type(base))
        self.reading = Load(None, self.permitted, (of,), False, "refuse", call or source)
        self.changes: dict[Path, Any] = {}
        self.places: list[tuple[Path, str, int, str]] = []
        self.texts: dict[str, list[str]] = {}
        self.secret_lines: set[tuple[str, int]] = set()
        self.waiting: list[tuple[Path, Entry, Any]] = []

    def apply(self, top: Entry) -> Any:
        """Return the variant.

        Raises:
            LoadError: The data does not fit the config; all problems of it.
        """
        self.top = top
        if top.inner is None:
            self.reading.note_at("", not_a_mapping(top.node))
        else:
            self.check_words(top.inner)
            self.config(top, self.base, ROOT)
        made = self.made(self.base)
        if self.waiting:
            made = self.with_references(made, top)
        return made

    def check_words(self, inner: dict[Any, Entry]) -> None:
        """Note words of saved configs that do not fit."""
        cls = type(self.base)
        for word in [key for key in inner if is_word(key) and key != VERSION]:
            said = inner[word].plain()
            if word == GIVEN:
                check_given(schema_of(self.base), said, self.reading)
            if word == TYPE and not any(is_called(one, said) for one in cls.__mro__):
                hint = f"leave out {TYPE}, or load it without a base"
                words = f"must be {class_name(cls)}, the class of the base, got {said}"
                self.reading.note_at(word, words, hint)
            elif word not in (TYPE, GIVEN):
                self.reading.note_at(word, "cannot be set in a config")

    def made(self, base: Any) -> Any:
        """Return a config with the changes that were noted, and forget these."""
        if self.reading.problems:
            if self.source:
                place_in_entry(self.reading.problems, self.top)
            raise LoadError(self.reading.problems, self.source)
        if not self.changes:
            return base
        places = [
            (path, file, line, "" if (file, line) in self.secret_lines else text)
            for path, file, line, text in self.places
        ]
        place = self.call or (FileEntriesLocation.of_lines(self.source, places), 0)
        changes, self.changes = self.changes, {}
        return edited(base, changes, place)

    def with_references(self, made: Any, top: Entry) -> Any:
        """Return the config with values that refer to others: those that it has by now."""
        whole = merged(values_of(made), top.plain())
        waiting, self.waiting = self.waiting, []
        for path, entry, validator in waiting:
            steps = tuple(s.key if isinstance(s, Item) else s for s in path.steps)
            node = resolved(whole, self.resolvers, steps)
            value = self.decoded(node, validator, path)
            if value is not _BAD and _at(made, path) != value:
                self.note(path, value, entry)
        return self.made(made)

    def note(self, path: Path, value: Any, entry: Entry) -> None:
        """Note that an entry sets the value at a path."""
        self.changes[path] = value
        if self.reading.secret is not None:
            self.secret_lines.add((entry.file, entry.line))
        self.places.append((path, entry.file, entry.line, self.line(entry, path)))

    def line(self, entry: Entry, path: Path) -> str:
        """Return the text of the line of an entry; "" where it may have other entries, too.

        These may be secrets.
        """
        if not entry.file:
            return ""
        if entry.file not in self.texts:
            with open(entry.file, encoding="utf-8-sig", errors="replace") as file:
                self.texts[entry.file] = file.read().splitlines()
        lines = self.texts[entry.file]
        text = lines[entry.line - 1] if 0 < entry.line <= len(lines) else ""
        step = path.steps[-1]
        return entry_text(text, str(step.key if isinstance(step, Item) else step))

    def config(self, entry: Entry, config: Any, path: Path) -> None:
        """Note what a mapping changes in a config."""
        assert entry.inner is not None
        schema = schema_of(config)
        data = {key: inner.plain() for key, inner in entry.inner.items()}
        entries = {id(data[key]): inner for key, inner in entry.inner.items()}
        self.reading.steps = list(path.steps)
        found, _ = migrate_fields(schema, data, self.reading)
        for name, node in found.items():
            field = schema.fields[name]
            at = path.field(name)
            inner = entries.get(id(node)) or entry_of(node, entry.file, entry.line)
            if field.pinned:
                self.reading.note_at(str(at), "is pinned: code gives its value", "remove it")
                continue
            with self.reading.inside(field, str(at)):
                self.value(inner, input_of(config, field), field.validator, at)

    def value(self, entry: Entry, old: Any, validator: Any, path: Path) -> None:
        """Note what an entry changes in the value at a path."""
        if entry.inner is not None and not entry.replaces:
            if is_config(old) and self.fits(entry, old, validator):
                self.config(entry, old, path)
                return
            if isinstance(old, dict) and not config_classes(validator):
                self.dict(entry, old, validator, path)
                return
        node = entry.plain()
        if has_references(node):
            self.waiting.append((path, entry, validator))
            return
        value = self.decoded(node, validator, path)
        if value is not _BAD:
            self.note(path, value, entry)

    def fits(self, entry: Entry, old: Any, validator: Any) -> bool:
        """Return whether a mapping changes the config that is there, and not its class."""
        assert entry.inner is not None
        schema = schema_of(old)
        others = [cls for cls in config_classes(validator) if not isinstance(old, cls)]
        if not others:
            return True
        for name, inner in entry.inner.items():
            if name not in schema.fields:
                return False
            literals = getattr(schema.fields[name].validator, "values", None)
            if (
                literals is not None
                and inner.inner is None
                and str(inner.node) not in map(str, literals)
            ):
                return False
        return True

    def dict(self, entry: Entry, old: Any, validator: Any, path: Path) -> None:
        """Note a dict with the keys that a mapping adds or changes."""
        whole = merged(old, entry.plain())
        if has_references(whole):
            self.waiting.append((path, Entry(entry.file, entry.line, whole), validator))
            return
        value = self.decoded(whole, validator, path)
        if value is not _BAD:
            self.note(path, value, entry)

    def decoded(self, node: Any, validator: Any, path: Path) -> Any:
        """Return the value of plain data, or `_BAD` where it has none, with the problem noted."""
        reading = self.reading
        inner = Load(node, self.permitted, reading.classes, False, "refuse", reading.call)
        value = inner.read(validator)
        for problem in inner.problems:
            place = f"{path}{'' if problem.path[:1] in ('', '[') else '.'}{problem.path}"
            reading.note_at(place, problem.message, problem.hint)
        if inner.problems:
            return _BAD
        if value is Required or value is Omitted:
            return value
        try:
            return validator.validate(value)
        except InvalidValue as mismatch:
            at = f"{path}{mismatch.path}"
            self.reading.note_misfit(at, mismatch.expected, mismatch.value, mismatch.advice)
            return _BAD


_BAD = object()


def config_classes(validator: Any) -> list[type]:
    """Return the config classes that a field may hold configs of."""
    return [cls for cls in classes_in(validator) if is_config_class(cls)]


def merged(below: Any, above: Any) -> Any:
    """Return plain data over other plain data."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return {**below, **{key: merged(below.get(key), item) for key, item in above.items()}}


def values_of(value: Any) -> Any:
    """Return the values of a config as nested dicts and lists; secrets are left out."""
    if is_config(value):
        return {
            name: values_of(getattr(value, name))
            for name, field in schema_of(value).fields.items()
            if Secret not in field.markers
        }
    if isinstance(value, dict):
        return {key: values_of(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [values_of(item) for item in value]
    return value


def _at(config: Any, path: Path) -> Any:
    """Return the value at a path, or `_BAD` where there is nothing."""
    for step in path.steps:
        try:
            config = config[step.key] if isinstance(step, Item) else getattr(config, step)
        except (AttributeError, LookupError, TypeError):
            return _BAD
    return config
