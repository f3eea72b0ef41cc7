"""Converters: how the values of one validator are written as plain data, read and compared.

One converter is made for each validator, at its first use; the plain case costs one look-up.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import NUMBERS
from pconfigs.build.optional import NoneConfig
from pconfigs.errors.formatting import shorten
from pconfigs.markers import Marker
from pconfigs.schema.class_schema import is_config_class
from pconfigs.schema.equality import same_value
from pconfigs.serialization.conversion.foreign_values import (
    FOREIGN_READERS,
    foreign_writer,
    is_dataclass_type,
    read_dataclass,
    read_named_tuple,
    write_named_tuple,
)
from pconfigs.serialization.conversion.plain_forms import NAME, PlainForms, is_absence
from pconfigs.serialization.conversion.plain_helpers import (
    ESCAPE,
    importable_name,
    is_word,
    plain_keys,
    plain_string,
    set_order,
    string_writer,
)
from pconfigs.serialization.conversion.scalar_codecs import (
    enum_text,
    is_enum,
    qualified_name,
    scalar_codec_of,
)
from pconfigs.serialization.conversion.tags import (
    DICT,
    ENUM,
    FLOAT,
    FUNCTIONS,
    INVALID,
    KINDS,
    LIST_TAGS,
    MARKER,
    NONE,
    OBJECT,
    OF_CONFIGS,
    PIN,
    PLAIN,
    SAME,
    SEQUENCES,
    TYPE,
    UNREAD,
    UNSAVED,
)
from pconfigs.tree.paths import Item
from pconfigs.validation.base import ANY
from pconfigs.validation.containers import NamedTupleValidator
from pconfigs.validation.frozen import FrozenDict

TYPE_CHECKING = False  # every recorded run imports this
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, TypeAlias

    from pconfigs.serialization.conversion.contexts import Dump, Load
    from pconfigs.validation.base import Validator

    Write: TypeAlias = Callable[[Any, Dump], Any]

_DICTS = (dict, FrozenDict)


def converter_of(validator: Validator) -> Converter:
    """Return the converter of a validator, kept on it."""
    converter: Converter | None = getattr(validator, "converter", None)
    if converter is None:
        converter = Converter(validator)
        validator.converter = converter  # type: ignore[attr-defined]
    return converter


class Converter:
    """Writes, reads and compares the values of one validator.

    Attributes:
        forms: What an untagged plain value can be.
        taken: Types of plain values that are read as they are.
    """

    __slots__ = ("_items", "_writers", "forms", "taken", "validator")

    def __init__(self, validator: Validator) -> None:
        self.validator = validator
        self.forms = forms = PlainForms(validator)
        taken: set[type] = {int, float, bool}
        if not forms.accepts_none_config:
            taken.add(type(None))
        if str in forms.scalars or (not forms.texts and not forms.float_words):
            taken.add(str)
        self.taken = frozenset(taken)
        self._writers: dict[type, Write] = {float: self._write_float}
        self._items: dict[Any, Any] = {}

    # Writing.

    def dump(self, value: Any, out: Dump) -> Any:
        """Return the plain form of a value."""
        kind = type(value)
        if kind in PLAIN:
            return value
        write = self._writers.get(kind)
        if write is None:
            write = self._writers[kind] = self._writer(kind)
        return write(value, out)

    def _writer(self, kind: type) -> Write:
        """Return what writes values of a type."""
        forms = self.forms
        if hasattr(kind, "__pconfig_schema__"):
            decided = forms.decided is kind
            return lambda value, out: out.config(value, decided)
        if kind in KINDS:
            return self._list_writer(KINDS[kind])
        if kind in _DICTS:
            return self._write_dict
        codec = scalar_codec_of(kind)
        if codec is not None:
            direct = isinstance(forms.text_type, type) and scalar_codec_of(forms.text_type) is codec
            return string_writer(codec.write, "" if direct else f"${codec.tag}")
        if is_enum(kind):
            if forms.text_type is kind:
                return string_writer(enum_text, "")
            return string_writer(lambda value: f"{qualified_name(kind)}.{enum_text(value)}", ENUM)
        if issubclass(kind, Marker):
            return lambda value, out: {MARKER: value.__name__}
        if is_absence(kind):
            accepted = forms.accepts_none_config
            return lambda value, out: None if accepted else {MARKER: "NoneConfig"}
        if issubclass(kind, type) or kind in FUNCTIONS:
            return string_writer(importable_name, "" if forms.text_type is NAME else OBJECT)
        if issubclass(kind, tuple) and hasattr(kind, "_fields"):
            return self._write_named_tuple
        foreign = foreign_writer(kind)
        if foreign is not None:
            write = foreign
            return lambda value, out: write(converter_of(ANY), value, out)
        return lambda value, out: out.refuse(value, "its type has no plain form")

    def _write_float(self, value: float, out: Dump) -> Any:
        if value - value == 0.0:
            return value
        return repr(value) if self.forms.float_words else {FLOAT: repr(value)}

    def _list_writer(self, kind: type) -> Write:
        tag = None if self.forms.list is kind else LIST_TAGS[kind]
        is_set = kind in (set, frozenset)

        def write(value: Any, out: Dump) -> Any:
            items = list(value)
            if not PLAIN.issuperset(map(type, items)):
                self._write_items(kind, items, out)
            if is_set:
                items.sort(key=set_order)
            return items if tag is None else {tag: items}

        return write

    def _write_items(self, kind: type, items: list[Any], out: Dump) -> None:
        steps = out.steps
        steps.append(None)
        for index, (item, converter) in enumerate(zip(items, self.item_converters(kind, items))):
            steps[-1] = index
            write = converter._writers.get(type(item)) or converter.dump
            items[index] = write(item, out)
        steps.pop()

    def item_converters(self, kind: Any, items: Sequence[Any]) -> list[Converter]:
        """Return the converter of each item of a list, tuple or set."""
        length = len(items)
        known = self._items.get(kind)
        if known is None:
            validator = self.forms.items(kind, length)
            if isinstance(validator, tuple):
                return [converter_of(one) for one in validator]
            known = self._items[kind] = converter_of(validator)
        return [known] * length

    def _write_dict(self, value: Any, out: Dump) -> Any:
        forms, members = self.forms, self.forms.members
        key_validator, item_validator = forms.entry()
        keys = plain_keys(value, converter_of(key_validator).forms)
        mapping = forms.mapping
        steps = out.steps
        plain = mapping is dict or hasattr(mapping, "key") or hasattr(mapping, "required")
        item = converter_of(item_validator)
        if keys is not None and plain:
            data: dict[str, Any] = {}
            steps.append(None)
            for key, (raw, inner) in zip(keys, value.items()):
                steps[-1] = Item(raw)
                converter = converter_of(members[key]) if key in members else item
                data[key] = converter.dump(inner, out)
            steps.pop()
            return data
        pairs: list[list[Any]] = []
        key_converter = converter_of(key_validator)
        steps.append(None)
        for key, inner in value.items():
            steps[-1] = Item(key)
            known = isinstance(key, str) and key in members
            converter = converter_of(members[key]) if known else item
            pairs.append([key_converter.dump(key, out), converter.dump(inner, out)])
        steps.pop()
        return {DICT: pairs}

    def _write_named_tuple(self, value: Any, out: Dump) -> Any:
        kind = type(value)
        direct = getattr(self.forms.mapping, "cls", None) is kind
        members = self.forms.members if direct else {}
        return write_named_tuple(value, _of_members(kind, members), direct, out)

    # Reading.

    def load(self, node: Any, data: Load) -> Any:
        """Return the value of plain data, or INVALID, with the reason noted."""
        if type(node) in self.taken:
            return node
        if self.forms.decided is not None and type(node) is dict:
            found = data.part(self.forms.decided, node)
            if found is not UNREAD:
                return found
        if isinstance(node, str):
            return data.text(node, self.forms)
        if node is None:
            return NoneConfig if self.forms.accepts_none_config else None
        if not isinstance(node, (dict, list)):
            return node
        if len(data.steps) >= data.deepest:
            return data.note("it is nested more than 200 levels deep")
        if isinstance(node, list):
            return self._read_items(node, self.forms.list or list, data)
        if TYPE in node:
            return self._read_typed(node, data)
        words = [key for key in node if isinstance(key, str) and key[:1] == "$"]
        if words and not OF_CONFIGS.issuperset(words):
            if len(node) > 1:
                return data.note(f"{shorten(words[0])} appears next to other keys", ESCAPE)
            return self._read_tagged(words[0], node[words[0]], data)
        return self._read_mapping(node, data)

    def _read_items(self, node: Any, kind: Any, data: Load) -> Any:
        steps, found = data.steps, len(data.problems)
        items: list[Any] = []
        steps.append(None)
        for index, (item, converter) in enumerate(zip(node, self._readers_of(kind, node))):
            steps[-1] = index
            items.append(item if type(item) in converter.taken else converter.load(item, data))
        steps.pop()
        if len(data.problems) > found:
            return INVALID
        try:
            return kind(items)
        except TypeError:
            return data.note("a set cannot hold lists or mappings")

    def _readers_of(self, kind: Any, node: Any) -> list[Converter]:
        if kind in self.forms.lists:
            converters = self.item_converters(kind, node)
            missing = len(node) - len(converters)
            return converters if missing <= 0 else [*converters, *[converter_of(ANY)] * missing]
        return [converter_of(ANY)] * len(node)

    def _read_mapping(self, node: dict[Any, Any], data: Load) -> Any:
        """Return the value of a mapping that does not name its class."""
        forms = self.forms
        kind = forms.mapping
        if kind is None and forms.configs:
            kind = data.chosen(node, forms.configs)
            if kind is INVALID:
                return INVALID
        if is_config_class(kind):
            return data.config(kind, node)
        if isinstance(kind, NamedTupleValidator):
            return read_named_tuple(kind.cls, _of_members(kind.cls, kind.members), node, data)
        keys, item = map(converter_of, forms.entry())
        members = forms.members
        found: dict[Any, Any] = {}
        before = len(data.problems)
        data.steps.append(None)
        for text, inner in node.items():
            key = data.key(text, keys.forms)
            data.steps[-1] = Item(key)
            if key is INVALID:
                continue
            if key in found:
                data.note(f"the key {shorten(key)} appears twice")
            converter = converter_of(members[text]) if text in members else item
            found[key] = converter.load(inner, data)
        data.steps.pop()
        return found if len(data.problems) == before else INVALID

    def _read_typed(self, node: dict[Any, Any], data: Load) -> Any:
        """Return the value of a mapping that names its class."""
        name, forms = plain_string(node[TYPE]), self.forms
        kind = forms.mapping
        if isinstance(kind, NamedTupleValidator) and qualified_name(kind.cls) == name:
            return read_named_tuple(kind.cls, _of_members(kind.cls, kind.members), node, data)
        cls = data.class_named(name, forms)
        if cls is INVALID:
            return INVALID
        if is_config_class(cls):
            return data.config(cls, node)
        if is_dataclass_type(cls):
            return read_dataclass(converter_of(ANY), cls, node, data)
        return read_named_tuple(cls, _of_members(cls, {}), node, data)

    def _read_tagged(self, tag: str, node: Any, data: Load) -> Any:
        """Return the value of a mapping whose one key names its kind."""
        if tag in SEQUENCES:
            if not isinstance(node, list):
                return data.note(f"{tag} must be a list, got {shorten(plain_string(node), 40)}")
            return self._read_items(node, SEQUENCES[tag], data)
        if tag == DICT:
            return self._read_pairs(node, data)
        if tag == SAME:
            return data.same_config(plain_string(node), self)
        if tag == NONE:
            return self.load(None, data)
        if tag == UNSAVED:
            return data.note("this value was not saved: it had no plain form")
        if tag in FOREIGN_READERS:
            return FOREIGN_READERS[tag](converter_of(ANY), node, data)
        if tag == PIN:
            return data.note("only a pinned field takes a pin")
        return data.tagged(tag, plain_string(node))

    def _read_pairs(self, node: Any, data: Load) -> Any:
        """Return the dict of a list of keys and values."""
        if not (
            isinstance(node, list)
            and all(isinstance(pair, list) and len(pair) == 2 for pair in node)
        ):
            return data.note(f"{DICT} must be a list of [key, value] pairs")
        keys, item = map(converter_of, self.forms.entry())
        members = self.forms.members
        found: dict[Any, Any] = {}
        before = len(data.problems)
        data.steps.append(None)
        for index, (key_node, inner) in enumerate(node):
            data.steps[-1] = index
            key = keys.load(key_node, data)
            if key is INVALID:
                continue
            data.steps[-1] = Item(key)
            try:
                known = key in found
            except TypeError:
                data.note(f"{shorten(key)} cannot be a key")
                continue
            if known:
                data.note(f"the key {shorten(key)} appears twice")
            converter = item
            if isinstance(key, str) and key in members:
                converter = converter_of(members[key])
            found[key] = converter.load(inner, data)
        data.steps.pop()
        return found if len(data.problems) == before else INVALID

    def same(self, node: Any, value: Any, data: Load) -> bool:
        """Return whether plain data is that of a value which code computes today."""
        if isinstance(node, dict) and hasattr(value, "__pconfig_schema__"):
            return data.is_same_config(node, value, self)
        kind = type(node)
        alike = type(value) is kind or (kind in NUMBERS and type(value) in NUMBERS)
        if alike and (kind in PLAIN or kind is float):
            return bool(node == value or (node != node and value != value))
        if isinstance(node, dict) and len(node) == 1 and UNSAVED in node:
            return bool(node == self.dump(value, data.comparison()))
        items = self._compared_items(node, value)
        if items is not None:
            for inner, item, converter in zip(*items, strict=True):
                if not converter.same(inner, item, data):
                    return False
            return True
        loaded = data.quietly(self.load, node)
        if loaded is INVALID:
            return bool(node == self.dump(value, data.comparison()))
        return loaded is value or same_value(loaded, value)

    def _compared_items(self, node: Any, value: Any) -> tuple[Any, Any, Any] | None:
        """Return what is inside of data and a value, with converters, where the two are alike."""
        kind = KINDS.get(type(value))
        if kind in (list, tuple):
            tag = LIST_TAGS[kind]
            if isinstance(node, dict) and len(node) == 1 and tag in node:
                node = node[tag]
            if isinstance(node, list) and len(node) == len(value):
                return node, value, self._readers_of(kind, node)
        elif type(value) in _DICTS and isinstance(node, dict) and not any(map(is_word, node)):
            keys, item = self.forms.entry()
            texts = plain_keys(value, converter_of(keys).forms)
            if texts is not None and node.keys() == set(texts):
                members = self.forms.members
                converters = [converter_of(members.get(text, item)) for text in texts]
                return [node[text] for text in texts], value.values(), converters
        return None


def _of_members(cls: Any, members: dict[str, Validator]) -> list[Converter]:
    """Return the converters of the fields of a NamedTuple."""
    return [converter_of(members.get(name, ANY)) for name in cls._fields]
