"""Helpers of converters: keys of mappings, values of tags, names of classes and functions."""

from __future__ import annotations

from pconfigs.build.optional import NoneConfig
from pconfigs.errors.formatting import nearest, shorten
from pconfigs.markers import Omitted, Pinned, Required
from pconfigs.serialization.allowlist import NotPermittedError
from pconfigs.serialization.conversion.plain_forms import PlainForms
from pconfigs.serialization.conversion.scalar_codecs import (
    SPECIAL,
    TAGS,
    codec_named,
    enum_text,
    is_enum,
    member_of,
)
from pconfigs.serialization.conversion.tags import ENUM, FLOAT, MARKER, OBJECT, SEQUENCES
from pconfigs.serialization.conversion.text_values import read_text
from pconfigs.serialization.formats.yaml_scalar import PlainText

TYPE_CHECKING = False  # every recorded run imports this
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pconfigs.serialization.dump import Dump
    from pconfigs.serialization.load_context import Load

_MARKERS = {
    "Required": Required, "Pinned": Pinned, "Omitted": Omitted, "NoneConfig": NoneConfig,
}  # fmt: skip
ESCAPE = 'write keys of a dict that begin with $ as {"$dict": [["$key", value], ...]}'


def is_integer(text: str) -> bool:
    """Return whether a string is an int as Python writes it, short enough to be read."""
    return text.removeprefix("-").isdecimal() and text.isascii() and len(text) < 4300


def plain_string(node: Any) -> Any:
    """Return a scalar of YAML without its quotes as an ordinary string; others as they are."""
    return str.__str__(node) if isinstance(node, str) else node


def plain_keys(value: Any, forms: PlainForms) -> list[str] | None:
    """Return the keys of a dict as strings, or None where strings do not tell them apart."""
    if forms.any or str in forms.scalars:
        if any(type(key) is not str or key[:1] == "$" for key in value):
            return None
        return list(value)
    if forms.scalars == {int} and not forms.texts:
        return [str(key) for key in value] if all(type(key) is int for key in value) else None
    if not forms.scalars and isinstance(forms.text_type, type):
        if not all(type(key) is forms.text_type and is_enum(type(key)) for key in value):
            return None
        keys = [enum_text(key) for key in value]
        return keys if len(set(keys)) == len(keys) and not any(map(is_word, keys)) else None
    return None


def is_word(key: Any) -> bool:
    """Return whether a key begins with `$`."""
    return isinstance(key, str) and key[:1] == "$"


def is_named_tuple(cls: Any) -> bool:
    """Return whether a class is a NamedTuple."""
    return isinstance(cls, type) and issubclass(cls, tuple) and hasattr(cls, "_fields")


def set_order(item: Any) -> Any:
    """Return what plain items of a set are sorted by."""
    if isinstance(item, (int, float)):
        return (0, item, "")
    from json import dumps

    if isinstance(item, str):
        return (1, 0, item)
    try:
        return (1, 0, dumps(item, sort_keys=True))
    except ValueError:  # a number with more digits than Python writes
        return (1, 0, dumps(_with_hex(item), sort_keys=True))


def _with_hex(item: Any) -> Any:
    """Return plain data with its integers as hexadecimal strings."""
    if isinstance(item, dict):
        return {key: _with_hex(value) for key, value in item.items()}
    if isinstance(item, list):
        return [*map(_with_hex, item)]
    return hex(item) if type(item) is int else item


def importable_name(value: Any) -> str:
    """Return the dotted name of a class or function.

    Raises:
        ValueError: It has none by which it can be found again.
    """
    from pconfigs.imports import dotted_name

    name = getattr(value, "__qualname__", "")
    if "<lambda>" in name:
        raise ValueError("a lambda has no name to find it by")
    if "<locals>" in name:
        raise ValueError("it is local to a function, and cannot be found again")
    found = dotted_name(value)
    if found is None:
        raise ValueError("no module has it under its own name")
    return found


def tagged_value(tag: str, text: Any, data: Load) -> Any:
    """Return the value of a tag that holds one string.

    Raises:
        NotPermittedError: It names what it may not, or the tag is unknown.
        ValueError: The string does not fit the tag.
    """
    if not isinstance(text, str):
        raise NotPermittedError(f"{shorten(tag)} must be a string, got {shorten(text, 40)}")
    if tag == FLOAT and text in SPECIAL:
        return SPECIAL[text]
    if tag == MARKER and text in _MARKERS:
        return _MARKERS[text]
    if tag == OBJECT:
        return data.permitted.object(text)
    if tag == ENUM:
        name, _, member = text.rpartition(".")
        return member_of(data.permitted.enum(name, ()), member)
    codec = codec_named(tag[1:])
    if codec is not None:
        try:
            return codec.read(text)
        except ValueError as error:
            words = f"{shorten(text, 40)} does not fit {shorten(tag)}: {error}"
            raise NotPermittedError(words) from error
    close = nearest(tag, [f"${known}" for known in TAGS] + [*SEQUENCES, ENUM, OBJECT])
    meant = f"; did you mean {close!r}?" if close else ""
    raise NotPermittedError(f"{shorten(tag)} is not a tag of saved configs{meant}", ESCAPE)


def read_key(text: Any, forms: PlainForms, data: Load) -> Any:
    """Return the key of a mapping, or INVALID, with the reason noted."""
    if not isinstance(text, str):
        return text
    if str in forms.scalars and not (type(text) is PlainText and len(forms.scalars) > 1):
        return plain_string(text)
    if type(text) is not PlainText and forms.scalars == {int} and is_integer(text):
        return int(text)
    return data.tried(read_text, text, forms, data.permitted)


def string_writer(write: Callable[[Any], str], tag: str) -> Callable[[Any, Dump], Any]:
    """Return what writes a value as a string, below a tag where there is one."""

    def dump(value: Any, out: Dump) -> Any:
        try:
            text = write(value)
        except ValueError as error:
            return out.refuse(value, str(error))
        return {tag: text} if tag else text

    return dump
