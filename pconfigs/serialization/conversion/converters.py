"""Converters: how the values of one validator are written as plain data, read and compared.

One converter is made for each validator, at its first use; the plain case costs one look-up.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import NUMBERS, blank
from pconfigs.build.optional import NoneConfig
from pconfigs.errors.formatting import shorten
from pconfigs.markers import Marker
from pconfigs.schema.class_schema import is_config_class
from pconfigs.schema.equality import same_value
from pconfigs.serialization.conversion.plain_forms import NAME, is_absence, plain_forms_of
from pconfigs.serialization.conversion.plain_helpers import (
    ESCAPE,
    dataclass_fields,
    importable_name,
    is_dataclass_type,
    is_word,
    plain_keys,
    plain_string,
    set_order,
)
from pconfigs.serialization.conversion.scalar_codecs import (
    enum_text,
    is_enum,
    qualified_name,
    scalar_codec_of,
)
from pconfigs.serialization.conversion.tags import (
    ARRAY,
    COLLECTION,
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
    PARTIAL,
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
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, TypeAlias

    from pconfigs.serialization.conversion.contexts import Dump, Reading
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
        self.forms = forms = plain_forms_of(validator)
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
            return _string_writer(codec.write, "" if direct else f"${codec.tag}")
        if is_enum(kind):
            if forms.text_type is kind:
                return _string_writer(enum_text, "")
            return _string_writer(lambda value: f"{qualified_name(kind)}.{enum_text(value)}", ENUM)
        if issubclass(kind, Marker):
            return lambda value, out: {MARKER: value.__name__}
        if is_absence(kind):
            accepted = forms.accepts_none_config
            return lambda value, out: None if accepted else {MARKER: "NoneConfig"}
        if issubclass(kind, type) or kind in FUNCTIONS:
            return _string_writer(importable_name, "" if forms.text_type is NAME else OBJECT)
        if issubclass(kind, tuple) and hasattr(kind, "_fields"):
            return self._write_named_tuple
        return lambda value, out: out.foreign(value)

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
        mapping, members = self.forms.mapping, self.forms.members
        key_converter, item = map(converter_of, self.forms.entry())
        plain = mapping is dict or hasattr(mapping, "key") or hasattr(mapping, "required")
        texts = plain_keys(value, key_converter.forms) if plain else None
        keys: list[Any] = texts or []
        values: list[Any] = []
        steps = out.steps
        steps.append(None)
        for key, inner in value.items():
            steps[-1] = Item(key)
            if texts is None:
                keys.append(key_converter.dump(key, out))
            known = isinstance(key, str) and key in members
            values.append((converter_of(members[key]) if known else item).dump(inner, out))
        steps.pop()
        return {DICT: [*map(list, zip(keys, values))]} if texts is None else dict(zip(keys, values))

    def _write_named_tuple(self, value: Any, out: Dump) -> Any:
        kind = type(value)
        direct = getattr(self.forms.mapping, "cls", None) is kind
        data = {} if direct else {TYPE: qualified_name(kind)}
        fields = zip(kind._fields, tuple(value), strict=True)
        return write_fields(fields, self.forms.members if direct else {}, data, out)

    # Reading.

    def load(self, node: Any, data: Reading) -> Any:
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

    def _read_items(self, node: Any, kind: Any, data: Reading) -> Any:
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

    def _read_mapping(self, node: dict[Any, Any], data: Reading) -> Any:
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
            return _read_named_tuple(kind.cls, kind.members, node, data)
        keys = converter_of(forms.entry()[0]).forms
        entries = [(Item(plain_string(text)), text, inner) for text, inner in node.items()]
        return self._read_entries(entries, lambda text: data.key(text, keys), data)

    def _read_typed(self, node: dict[Any, Any], data: Reading) -> Any:
        """Return the value of a mapping that names its class."""
        name, forms = plain_string(node[TYPE]), self.forms
        for one in forms.dicts:
            if isinstance(one, NamedTupleValidator) and qualified_name(one.cls) == name:
                members = one.members if one is forms.mapping else {}
                return _read_named_tuple(one.cls, members, node, data)
        cls = data.class_named(name, forms)
        if cls is INVALID:
            return INVALID
        if is_config_class(cls):
            return data.config(cls, node)
        if is_dataclass_type(cls):
            return _read_dataclass(cls, node, data)
        return _read_named_tuple(cls, {}, node, data)

    def _read_tagged(self, tag: str, node: Any, data: Reading) -> Any:
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
        if tag in (PARTIAL, ARRAY, COLLECTION):
            return data.foreign(tag, node)
        if tag == PIN:
            return data.note("only a pinned field takes a pin")
        return data.tagged(tag, plain_string(node))

    def _read_pairs(self, node: Any, data: Reading) -> Any:
        if not (
            isinstance(node, list)
            and all(isinstance(pair, list) and len(pair) == 2 for pair in node)
        ):
            return data.note(f"{DICT} must be a list of [key, value] pairs")
        keys = converter_of(self.forms.entry()[0])
        entries = [(index, *pair) for index, pair in enumerate(node)]
        return self._read_entries(entries, lambda key: keys.load(key, data), data)

    def _read_entries(
        self, entries: list[tuple[Any, Any, Any]], read_key: Callable[[Any], Any], data: Reading
    ) -> Any:
        """Return the dict of steps, keys and values as they are written."""
        members, item = self.forms.members, converter_of(self.forms.entry()[1])
        found: dict[Any, Any] = {}
        before = len(data.problems)
        data.steps.append(None)
        for step, key_node, inner in entries:
            data.steps[-1] = step
            key = read_key(key_node)
            if key is INVALID:
                continue
            data.steps[-1] = Item(key)
            try:
                if key in found:
                    data.note(f"the key {shorten(key)} appears twice")
            except TypeError:
                data.note(f"{shorten(key)} cannot be a key")
                continue
            known = isinstance(key, str) and key in members
            found[key] = (converter_of(members[key]) if known else item).load(inner, data)
        data.steps.pop()
        return found if len(data.problems) == before else INVALID

    def same(self, node: Any, value: Any, data: Reading) -> bool:
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


def _string_writer(write: Callable[[Any], str], tag: str) -> Callable[[Any, Dump], Any]:
    """Return what writes a value as a string, below a tag where there is one."""

    def dump(value: Any, out: Dump) -> Any:
        try:
            text = write(value)
        except ValueError as error:
            return out.refuse(value, str(error))
        return {tag: text} if tag else text

    return dump


def write_fields(
    fields: Iterable[tuple[str, Any]], members: dict[str, Validator], data: Any, out: Dump
) -> Any:
    """Write named parts into `data`; `members` has the validators that are known."""
    out.steps.append(None)
    for name, value in fields:
        out.steps[-1] = name
        data[name] = converter_of(members.get(name, ANY)).dump(value, out)
    out.steps.pop()
    return data


def _read_fields(
    cls: Any, names: Sequence[str], members: dict[str, Validator], node: dict[Any, Any],
    data: Reading,
) -> Any:  # fmt: skip
    """Return the values of named parts, or INVALID, with the reason noted."""
    unknown = [key for key in node if key != TYPE and key not in names]
    missing = [name for name in names if name not in node]
    if unknown or missing:
        words = f"has no {shorten(unknown[0])}" if unknown else f"is missing {missing[0]!r}"
        return data.note(f"{cls.__qualname__} {words}")
    found: list[Any] = []
    before = len(data.problems)
    data.steps.append(None)
    for name in names:
        data.steps[-1] = name
        found.append(converter_of(members.get(name, ANY)).load(node[name], data))
    data.steps.pop()
    return found if len(data.problems) == before else INVALID


# Classes are not called to read their instances: that would run code which a file chooses.


def _read_named_tuple(
    cls: Any, members: dict[str, Validator], node: dict[Any, Any], data: Reading
) -> Any:
    values = _read_fields(cls, cls._fields, members, node, data)
    return values if values is INVALID else cls._make(values)


def _read_dataclass(cls: Any, node: dict[Any, Any], data: Reading) -> Any:
    names = dataclass_fields(cls)
    values = _read_fields(cls, names, {}, node, data)
    if values is INVALID:
        return INVALID
    made = blank(cls)
    for name, value in zip(names, values):
        object.__setattr__(made, name, value)
    return made
