"""Reading: from plain data to values, configs included, with all that is wrong told together.

A loop over generators, so that depth is limited by memory alone: each `_…` method here yields what
it needs read, as (node, check, path), and is sent the value, or BAD where there is none.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import extends, is_a
from pconfigs.build.optional import NoneConfig
from pconfigs.errors.formatting import nearest
from pconfigs.markers import Omitted, Pinned, Required
from pconfigs.schema.class_schema import is_config_class
from pconfigs.serialization.allowlist import NotPermittedError
from pconfigs.serialization.dump import (
    COMPUTED,
    DICT,
    ENUM,
    FLOAT,
    FROZEN,
    GIVEN,
    LIST,
    MARKER,
    OBJECT,
    PIN,
    SAME,
    SET,
    TUPLE,
    TYPE,
    UNSAVED,
    VERSION,
)
from pconfigs.serialization.formats.yaml_scalar import PlainText
from pconfigs.serialization.instantiate import DecodedConfig, Instantiator
from pconfigs.serialization.plain_forms import ANY, PlainForms, plain_forms_of
from pconfigs.serialization.scalar_codecs import SPECIAL, TAGS, member_of, qualified_name
from pconfigs.serialization.scalar_parsing import read_word
from pconfigs.serialization.union_choice import choose
from pconfigs.tree.paths import ROOT, Item, Path, parse_path
from pconfigs.validation.containers import NamedTupleValidator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any, TypeAlias

    from pconfigs.serialization.allowlist import ImportAllowlist
    from pconfigs.validation.factory import Validator

    Wanted: TypeAlias = tuple[Any, Validator, Path]

    Reading: TypeAlias = Generator[Wanted, Any, Any]

DEEPEST = 20_000
"""Levels of nesting that are read."""
NONE = "$none"
_MARKERS = {
    "Required": Required, "Pinned": Pinned, "Omitted": Omitted, "NoneConfig": NoneConfig,
}  # fmt: skip
_SEQUENCES: dict[str, Any] = {LIST: list, TUPLE: tuple, SET: set, FROZEN: frozenset}
_OF_CONFIGS = frozenset((TYPE, VERSION, GIVEN, COMPUTED))


class _Bad:
    """Stands for a value that could not be read; why is among the problems."""

    def __repr__(self) -> str:
        return "BAD"


INVALID: Any = _Bad()
NOT_SAVED: Any = _Bad()
"""Stands for a computed value that was not saved."""


class Decoder:
    """One reading of plain data.

    Attributes:
        top: All of the data.
        permitted: What may be named.
        assembly: Makes configs of what was read, and compares them with what was saved.
        problems: What is wrong.
        made: How many computed values are around what is being read.
    """

    def __init__(self, top: Any, permitted: ImportAllowlist, assembly: Instantiator) -> None:
        self.top, self.permitted, self.assembly = top, permitted, assembly
        self.problems = assembly.problems
        self._built: dict[tuple[int, type], Any] = {}
        self._entered: set[tuple[int, type]] = set()
        self.made = 0

    def read(self, validator: Validator) -> Any:
        """The value of all of the data, or BAD."""
        pending: list[Reading] = [self._one(self.top, validator, ROOT)]
        result: Any = None
        while pending:
            try:
                wanted = pending[-1].send(result)
            except StopIteration as done:
                result = done.value
                pending.pop()
                continue
            node, inner, path = wanted
            options = plain_forms_of(inner)
            result = self._leaf(node, options, path)
            if result is _INSIDE:
                result = None
                pending.append(self._one(node, inner, path))
                if len(pending) > DEEPEST:
                    self._note(ROOT, f"it is nested more than {DEEPEST} levels deep")
                    return INVALID
        return result

    def _note(self, path: Path, says: str, advice: str = "") -> Any:
        self.assembly.note(path, says, advice)
        return INVALID

    def _leaf(self, node: Any, options: PlainForms, path: Path) -> Any:
        """The value of a node that nothing is inside of, else `_INSIDE`."""
        if node is None and options.absent:
            return NoneConfig
        if isinstance(node, str):
            try:
                return read_word(node, options, self.permitted)
            except NotPermittedError as error:
                return self._note(path, error.says, error.advice)
            except ValueError as error:
                return self._note(path, f"{_shown(node)} does not fit: {error}")
        if is_a(node, (dict, list)):
            return _INSIDE
        return node

    def _one(self, node: Any, validator: Validator, path: Path) -> Reading:
        options = plain_forms_of(validator)
        if is_a(node, list):
            return (yield from self._list(node, options.list or list, options, path))
        if not is_a(node, dict):
            return self._leaf(node, options, path)
        if TYPE in node:
            return (yield from self._typed(node, options, path))
        words = [key for key in node if isinstance(key, str) and key[:1] == "$"]
        if words and not _OF_CONFIGS.issuperset(words):
            if len(node) > 1:
                return self._note(path, f"{words[0]!r} stands beside other keys", _ESCAPE)
            return (yield from self._tagged(words[0], node[words[0]], options, path))
        return (yield from self._mapping(node, options, path))

    def _mapping(self, node: dict[Any, Any], options: PlainForms, path: Path) -> Reading:
        """A mapping that does not say what it is."""
        kind = options.mapping
        if kind is None and options.configs:
            try:
                kind = choose(node, options.configs)
            except NotPermittedError as error:
                return self._note(path, error.says, error.advice)
        if is_config_class(kind):
            return (yield from self._config(kind, node, path))
        if isinstance(kind, NamedTupleValidator):
            return (yield from self._named(kind.cls, kind, node, path))
        keys, items = options.entry()
        members: dict[str, Validator] = getattr(kind, "members", {})
        plain_keys = plain_forms_of(keys).any or str in plain_forms_of(keys).scalars
        found: dict[Any, Any] = {}
        for text, inner in node.items():
            key = str.__str__(text) if type(text) is PlainText and plain_keys else text
            if isinstance(text, str) and not plain_keys:
                key = self._key(text, plain_forms_of(keys), path)
            value = yield inner, members.get(text, items), path.item(key)
            if key is not INVALID:
                found[key] = value
        return _unless_bad(found.values(), found) if len(found) == len(node) else INVALID

    def _key(self, text: str, options: PlainForms, path: Path) -> Any:
        """A key that is no text, read from one."""
        if options.scalars == {int} and text.removeprefix("-").isdecimal() and text.isascii():
            if len(text) < 4300:
                return int(text)
        return self._leaf(text, options, path)

    def _list(self, node: Any, kind: Any, options: PlainForms, path: Path) -> Reading:
        items: list[Any] = []
        plain = not options.any and not options.literals
        for index, inner in enumerate(node):
            validator = options.item(kind, index, len(node)) if kind in options.lists else ANY
            if plain and type(inner) in validator.types and type(inner) is not str:
                items.append(inner)
            else:
                items.append((yield inner, validator, path.item(index)))
        bad = _unless_bad(items, None)
        if bad is not None:
            return bad
        try:
            return kind(items)
        except TypeError:
            return self._note(path, "a set cannot hold lists or mappings")

    def _named(self, cls: Any, validator: Any, node: dict[Any, Any], path: Path) -> Reading:
        """A named tuple; its class is not called."""
        members: dict[str, Validator] = getattr(validator, "members", {})
        given = {key: value for key, value in node.items() if key != TYPE}
        unknown = [key for key in given if key not in cls._fields]
        missing = [name for name in cls._fields if name not in given]
        if unknown or missing:
            words = f"has no {unknown[0]!r}" if unknown else f"needs {missing[0]!r}"
            return self._note(path, f"{cls.__qualname__} {words}")
        items: list[Any] = []
        for name in cls._fields:
            item = yield given[name], members.get(name, ANY), path.field(name)
            items += (item,)
        return _unless_bad(items, None) or cls._make(items)

    def _typed(self, node: dict[Any, Any], options: PlainForms, path: Path) -> Reading:
        """A mapping that names its class."""
        name = _text(node[TYPE])
        validator = options.mapping
        if isinstance(validator, NamedTupleValidator) and qualified_name(validator.cls) == name:
            return (yield from self._named(validator.cls, validator, node, path))
        try:
            if options.configs and not options.any:
                cls = self.permitted.config_class(name, options.configs)
            else:
                cls = self._any_class(name, options)
        except NotPermittedError as error:
            return self._note(path, error.says, error.advice)
        if is_config_class(cls):
            return (yield from self._config(cls, node, path))
        return (yield from self._named(cls, None, node, path))

    def _any_class(self, name: Any, options: PlainForms) -> Any:
        """The config class or named tuple of a name."""
        try:
            return self.permitted.config_class(name, options.configs or self.assembly.classes)
        except NotPermittedError:
            found = self.permitted.object(name)
            if is_config_class(found) or _is_named_tuple(found):
                return found
            raise NotPermittedError(
                f"{name} is no config class", "a file cannot name what is to be called"
            ) from None

    def _tagged(self, tag: str, node: Any, options: PlainForms, path: Path) -> Reading:
        """A mapping with one key that says what it is."""
        if tag in _SEQUENCES:
            if not is_a(node, list):
                return self._note(path, f"{tag} holds a list, not {_shown(node)}")
            return (yield from self._list(node, _SEQUENCES[tag], options, path))
        if tag == DICT:
            return (yield from self._pairs(node, options, path))
        if tag == SAME:
            return (yield from self._same(_text(node), path))
        if tag == NONE:
            return NoneConfig if options.absent else None
        if tag == UNSAVED:
            return NOT_SAVED
        if tag == PIN:
            return self._note(path, "only a pinned field takes a pin")
        try:
            return self._told(tag, node)
        except NotPermittedError as error:
            return self._note(path, error.says, error.advice)
        except ValueError as error:
            return self._note(path, f"{_shown(node)} does not fit {tag}: {error}")

    def _told(self, tag: str, node: Any) -> Any:
        """The value of a tag that holds one word."""
        text = _text(node)
        if not isinstance(text, str):
            raise NotPermittedError(f"{tag} holds a text, not {_shown(node)}")
        if tag == FLOAT and text in SPECIAL:
            return SPECIAL[text]
        if tag == MARKER and text in _MARKERS:
            return _MARKERS[text]
        if tag == OBJECT:
            return self.permitted.object(text)
        if tag == ENUM:
            name, _, member = text.rpartition(".")
            return member_of(self.permitted.enum(name, ()), member)
        leaf = TAGS.get(tag[1:])
        if leaf is not None:
            return leaf.read(text)
        close = nearest(tag, [f"${known}" for known in TAGS] + [*_SEQUENCES, ENUM, OBJECT])
        meant = f"; did you mean {close!r}?" if close else ""
        raise NotPermittedError(f"{tag!r} is no word of saved configs{meant}", _ESCAPE)

    def _pairs(self, node: Any, options: PlainForms, path: Path) -> Reading:
        """A dict written as a list of keys and values."""
        keys, items = options.entry()
        members: dict[str, Validator] = getattr(options.mapping, "members", {})
        found: dict[Any, Any] = {}
        well_formed = is_a(node, list) and all(is_a(pair, list) and len(pair) == 2 for pair in node)
        if not well_formed:
            return self._note(path, f"{DICT} holds a list of [key, value] pairs")
        for index, (key_node, inner) in enumerate(node):
            key = yield key_node, keys, path.item(index)
            validator = members.get(key, items) if isinstance(key, str) else items
            value = yield inner, validator, path.item(key)
            if key is INVALID or value is INVALID:
                return INVALID
            try:
                if key in found:
                    return self._note(path, f"the key {_shown(key)} is there twice")
                found[key] = value
            except TypeError:
                return self._note(path, f"{_shown(key)} cannot be a key")
        return found

    def _same(self, text: Any, path: Path) -> Reading:
        """The config at another path of the data."""
        node: Any = self.top
        try:
            for step in parse_path(text).steps if isinstance(text, str) else [Item(None)]:
                node = node[step.key if isinstance(step, Item) else step]
        except (LookupError, TypeError):
            node = None
        if not is_a(node, dict) or TYPE not in node:
            return self._note(path, f"there is no config with a {TYPE} at {_shown(text)}")
        return (yield from self._typed(node, plain_forms_of(ANY), path))

    def _config(self, cls: type, node: dict[Any, Any], path: Path) -> Reading:
        """A config of a known class."""
        key = id(node), cls
        if key in self._built:
            return self._built[key]
        if key in self._entered:
            return self._note(path, "it contains itself")
        self._entered.add(key)
        before = len(self.problems)
        given = self.assembly.begin(cls, node, path)
        for name, inner in given.nodes.items():
            yield from self._field(given, name, inner, path.field(name))
        saved = yield from self._saved(given, path)
        if saved is NOT_SAVED:
            result = NOT_SAVED
        elif len(self.problems) > before:
            self.assembly.note_missing(given, path)
            result = INVALID
        else:
            finished = self.assembly.finish(given, path, bool(self.made))
            result = INVALID if finished is None else finished
        self._entered.discard(key)
        self._built[key] = result
        return result

    def _field(self, given: DecodedConfig, name: str, node: Any, path: Path) -> Reading:
        """The input of a field, or the value that code had computed for it."""
        field = given.schema.fields[name]
        if is_a(node, dict) and len(node) == 1:
            if MARKER in node and node[MARKER] == "Secret":
                given.secret(name)
                return None
            if PIN in node and field.pinned:
                with self.assembly.inside(field, path):
                    value = yield node[PIN], field.validator, path
                if value is not INVALID:
                    given.pins[name] = value
                return None
        if field.pinned:
            given.computed[name] = node
            return None
        with self.assembly.inside(field, path):
            value = yield node, field.validator, path
        if value is NOT_SAVED:
            given.computed[name] = node
        elif value is not INVALID:
            self.assembly.accept(given, name, value, path)
        return None

    def _saved(self, given: DecodedConfig, path: Path) -> Reading:
        """What code had computed; UNKNOWN where, within such a value, an input was not saved."""
        lost = None
        for name, node in given.computed.items():
            before = len(self.problems)
            self.made += 1
            field = given.schema.fields[name]
            with self.assembly.inside(field, path.field(name)):
                value = yield node, field.validator, path.field(name)
            self.made -= 1
            del self.problems[before:]
            if value is INVALID:
                given.unreadable[name] = node
            elif value is not NOT_SAVED:
                given.saved[name] = value
            else:
                if not given.schema.fields[name].pinned:
                    lost = NOT_SAVED
        return lost


_INSIDE = _Bad()
_ESCAPE = 'keys of a dict that begin with $ are written {"$dict": [["$key", value], ...]}'


def _text(node: Any) -> Any:
    return str.__str__(node) if isinstance(node, str) else node


def _unless_bad(values: Any, found: Any) -> Any:
    """BAD or UNKNOWN where one is among the values, else `found`."""
    lost = None
    for value in values:
        if value is INVALID:
            return INVALID
        if value is NOT_SAVED:
            lost = NOT_SAVED
    return lost if lost is not None else found


def _is_named_tuple(cls: Any) -> bool:
    return isinstance(cls, type) and extends(cls, tuple) and hasattr(cls, "_fields")


def _shown(node: Any) -> str:
    from pconfigs.errors.formatting import shorten

    return shorten(_text(node), 40)
