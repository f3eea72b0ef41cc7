"""Overlays: partial data over a config. Mappings merge, everything else replaces.

What the data does not mention keeps the input that the config was given, so that values which
follow from others go on following them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, TypeAlias

from pconfigs.errors.base import Problem
from pconfigs.errors.formatting import class_name
from pconfigs.errors.serialization import FormatError, LoadError
from pconfigs.markers import Omitted, Required, Secret
from pconfigs.provenance.data_files import entry_text
from pconfigs.provenance.locations import FileEntriesLocation
from pconfigs.schema.class_schema import is_config, is_config_class, schema_of
from pconfigs.schema.equality import same_value
from pconfigs.schema.format_history import history_of
from pconfigs.schema.inheritance import input_of
from pconfigs.serialization.allowlist import ImportAllowlist, is_called
from pconfigs.serialization.conversion.plain_forms import plain_forms_of
from pconfigs.serialization.conversion.plain_helpers import is_word
from pconfigs.serialization.conversion.tags import GIVEN, INVALID, TYPE, VERSION
from pconfigs.serialization.formats.references import Resolvers, has_references, resolved
from pconfigs.serialization.formats.yaml_scalar import Located
from pconfigs.serialization.load_context import Load, not_a_mapping
from pconfigs.serialization.migration import check_given, migrate_fields
from pconfigs.serialization.places import keys_of, place_of
from pconfigs.serialization.save import read_unresolved
from pconfigs.tree.edit import edited
from pconfigs.tree.paths import ROOT, Item, Path
from pconfigs.validation.base import InvalidValue, classes_in

Place: TypeAlias = tuple[str, int]
"""A file, and a line in it."""
PARENTS = "defaults"
"""The key under which a file names the files that it extends."""
REPLACES = "_override_"
"""A mapping with this key replaces the one below."""


class Layer(dict[Any, Any]):
    """A mapping of an overlay, which adds to the one below.

    Attributes:
        places: File and line of each key.
        replaces: Whether it takes the place of a mapping below.
    """

    __slots__ = ("places", "replaces")

    def __init__(self, entries: Any, places: dict[Any, Place], replaces: bool) -> None:
        super().__init__(entries)
        self.places, self.replaces = places, replaces


def overlay(
    base: Any,
    data: Any,
    of: type,
    allow: str | Iterable[str],
    resolvers: Resolvers | None,
    call: tuple[Any, int],
) -> Any:
    """Return `base` with what plain data changes, made by `call`."""
    return _Overlay(base, of, allow, resolvers, "", call).apply(layer_of(data, ("", 0)))


def overlay_file(
    base: Any, file: str, of: type, allow: str | Iterable[str], resolvers: Resolvers | None
) -> Any:
    """Return `base` with what a file changes, and the files that it extends.

    A file names them as `defaults: other.yaml`, where its class has no such field.
    """
    return _Overlay(base, of, allow, resolvers, file, None).apply(file_layer(file, of, ()))


def file_layer(file: str, of: type, above: tuple[str, ...]) -> Any:
    """Return the data of a file over that of the files that it extends."""
    real = os.path.realpath(file)
    if real in above:
        raise FormatError([Problem(PARENTS, "must not lead back to the file itself")], file)
    data, source = read_unresolved(file)
    layer = layer_of(data, (file, 1), data if isinstance(data, Located) else source.tree)
    if not isinstance(layer, Layer) or PARENTS not in layer or PARENTS in schema_of(of).fields:
        return layer
    below: Any = None
    for name in _parents(layer.pop(PARENTS), file):
        parent = os.path.join(os.path.dirname(file), name)
        if not os.path.isfile(parent):
            raise FormatError([Problem(PARENTS, f"must name a file, got {name!r}")], file)
        below = _over(below, file_layer(parent, of, (*above, real)))
    return _over(below, layer)


def _parents(node: Any, file: str) -> list[str]:
    names = node if isinstance(node, list) else [node]
    for name in names:
        if not isinstance(name, str) or not name.endswith((".yaml", ".yml")):
            words = "must be YAML files: groups of Hydra are composed before loading"
            hint = "adopt the tree once: python -m pconfigs.adopt SOURCE -o PACKAGE"
            raise FormatError([Problem(PARENTS, words, hint)], file)
    return [str(name) for name in names]


def layer_of(node: Any, place: Place, tree: Any = None) -> Any:
    """Return data whose mappings are layers, but for values of saved configs: `{"$tuple": []}`.

    Args:
        node: Plain data; at the top, its class and version do not make it a value.
        place: File and line of the data.
        tree: What has the lines of its keys, where they are known.
    """
    if not isinstance(node, dict):
        return node
    known = tree if isinstance(tree, Located) else Located()
    file, line = place
    places = {key: (file, known.lines.get(key, known.line or line)) for key in node}
    inner = {
        key: item if _is_tagged(item) else layer_of(item, places[key], known.get(key))
        for key, item in node.items()
        if key != REPLACES
    }
    return Layer(inner, places, str(node.get(REPLACES)).lower() == "true")


def _is_tagged(node: Any) -> bool:
    return isinstance(node, dict) and any(map(is_word, node))


def _over(below: Any, above: Any) -> Any:
    if not isinstance(below, Layer) or not isinstance(above, Layer) or above.replaces:
        return above
    inner = dict(below)
    for key, item in above.items():
        inner[key] = _over(inner.get(key), item)
    return Layer(inner, below.places | above.places, below.replaces)


def _place_in(node: Any, keys: list[Any]) -> str:
    """Return the place of the innermost value on the way that has a known line."""
    file, line = "", 0
    while keys and isinstance(node, Layer) and keys[0] in node:
        file, line = node.places[keys[0]]
        node = node[keys.pop(0)]
    # Problems have lines where the data itself has them, as with the file alone.
    return place_of(node, keys, file, line if file.endswith((".yaml", ".yml")) else 0)


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
        self.top: Any = None
        self.resolvers = resolvers
        self.permitted = ImportAllowlist(of, allow)
        self.permitted.trust(type(base))
        self.reading = Load(None, self.permitted, (of,), False, "refuse", call or source)
        self.changes: dict[Path, Any] = {}
        self.places: list[tuple[Path, str, int, str]] = []
        self.texts: dict[str, list[str]] = {}
        self.secret_lines: set[tuple[str, int]] = set()
        self.waiting: list[tuple[Path, Any, Place, Any, Any]] = []
        self.is_resolved = False

    def apply(self, top: Any) -> Any:
        """Return the variant.

        Raises:
            LoadError: The data does not fit the config; all problems of it.
        """
        self.top = top
        if isinstance(top, Layer):
            self.check_words(top)
            self.config(top, (self.source, 1), self.base, ROOT)
        else:
            self.reading.note_at("", not_a_mapping(top))
        made = self.made(self.base)
        if self.waiting:
            made = self.with_references(made)
        return made

    def check_words(self, top: Layer) -> None:
        """Note words of saved configs that do not fit."""
        cls = type(self.base)
        for word in [key for key in top if is_word(key) and key != VERSION]:
            said = top[word]
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
                for problem in self.reading.problems:
                    problem.place = _place_in(self.top, keys_of(problem.path))
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

    def with_references(self, made: Any) -> Any:
        """Return the config with values that refer to others: those that it has by now."""
        whole = merged(values_of(made), self.top)
        self.is_resolved = True
        for path, node, place, validator, secret in self.waiting:
            self.reading.secret = secret
            steps = tuple(s.key if isinstance(s, Item) else s for s in path.steps)
            # By the names of today, which the file may not have.
            whole = _with(whole, steps, node)
            if isinstance(node, Layer) and not node.replaces:
                # One by one: texts of what is there already may look like references.
                found = {key: resolved(whole, self.resolvers, (*steps, key)) for key in node}
                node = layer_of(found, place)
            else:
                node = resolved(whole, self.resolvers, steps)
            self.value(node, place, _at(made, path), validator, path)
        self.reading.secret = None
        return self.made(made)

    def note(self, path: Path, value: Any, place: Place) -> None:
        """Note that an entry at a place sets the value at a path."""
        self.changes[path] = value
        if self.reading.secret is not None:
            self.secret_lines.add(place)
        self.places.append((path, *place, self.line(place, path)))

    def line(self, place: Place, path: Path) -> str:
        """Return the text of the line of an entry; "" where it may have other entries, too.

        These may be secrets.
        """
        name, line = place
        if not name:
            return ""
        if name not in self.texts:
            with open(name, encoding="utf-8-sig", errors="replace") as file:
                self.texts[name] = file.read().splitlines()
        lines = self.texts[name]
        text = lines[line - 1] if 0 < line <= len(lines) else ""
        step = path.steps[-1]
        return entry_text(text, str(step.key if isinstance(step, Item) else step))

    def config(self, layer: Layer, place: Place, config: Any, path: Path) -> None:
        """Note what a mapping changes in a config."""
        schema = schema_of(config)
        self.reading.steps = list(path.steps)
        found, _ = migrate_fields(schema, layer, self.reading)
        today = history_of(schema).name_today
        places = {today(key): at for key, at in layer.places.items() if isinstance(key, str)}
        for name, node in found.items():
            field = schema.fields[name]
            at = path.field(name)
            if field.pinned:
                self.reading.note_at(str(at), "is pinned: code gives its value", "remove it")
                continue
            own = places.get(name, place)
            if isinstance(node, dict) and not isinstance(node, Layer) and not _is_tagged(node):
                node = layer_of(node, own)  # an upgrade has made it
            with self.reading.inside(field, str(at)):
                self.value(node, own, input_of(config, field), field.validator, at)

    def value(self, node: Any, place: Place, old: Any, validator: Any, path: Path) -> None:
        """Note what an entry changes in the value at a path."""
        is_part = isinstance(node, Layer) and not node.replaces
        if is_part and is_config(old) and self.fits(node, old, validator):
            self.config(node, place, old, path)
            return
        if not self.is_resolved and has_references(node):
            self.waiting.append((path, node, place, validator, self.reading.secret))
            return
        if is_part and isinstance(old, dict):
            node = self.merged_dict(node, old, validator, path)
        value = self.decoded(node, validator, path)
        # What references state that follows anyway goes on following.
        if value is not _BAD and not (self.is_resolved and same_value(value, old)):
            self.note(path, value, place)

    def merged_dict(
        self, layer: Layer, old: dict[Any, Any], validator: Any, path: Path
    ) -> dict[Any, Any]:
        """Return a dict with what a mapping adds and changes, by the keys that its texts mean."""
        forms = plain_forms_of(validator)
        keys, item = forms.entry()
        key_forms = plain_forms_of(keys)
        made = dict(old)
        for text, node in layer.items():
            key = self.reading.quietly(lambda text, data: data.key(text, key_forms), text)
            key = text if key is INVALID else key
            below = old.get(key)
            if isinstance(node, Layer) and not node.replaces:
                inner = forms.members.get(key, item)
                if isinstance(below, dict):
                    node = self.merged_dict(node, below, inner, path.item(key))
                elif is_config(below) and self.fits(node, below, inner):
                    node = self.part(node, below, path.item(key))
            made[key] = node
        return made

    def part(self, layer: Layer, config: Any, path: Path) -> Any:
        """Return a config of a dict with what a mapping changes in it."""
        of = self.reading.classes[0]
        inner = _Overlay(config, of, (), self.resolvers, self.source, self.call)
        inner.permitted, inner.is_resolved = self.permitted, True
        try:
            return inner.apply(layer)
        except LoadError as error:
            for problem in error.problems:
                self.reading.note_at(f"{path}.{problem.path}", problem.message, problem.hint)
            return config

    def fits(self, layer: Layer, old: Any, validator: Any) -> bool:
        """Return whether a mapping changes the config that is there, and not its class."""
        schema = schema_of(old)
        if all(isinstance(old, cls) for cls in config_classes(validator)):
            return True
        for name, item in layer.items():
            if name not in schema.fields:
                return False
            literals = getattr(schema.fields[name].validator, "values", None)
            if literals is not None and not isinstance(item, Layer):
                if str(item) not in map(str, literals):
                    return False
        return True

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
            self.reading.note_invalid(str(path), mismatch)
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


def _with(data: Any, steps: tuple[Any, ...], node: Any) -> Any:
    """Return data with a node over what it has at some steps from its top."""
    if not steps:
        return merged(data, node)
    below = data if isinstance(data, dict) else {}
    return {**below, steps[0]: _with(below.get(steps[0]), steps[1:], node)}


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
