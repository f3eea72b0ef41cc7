"""Readers of what converters do not decide alone: tags, keys of mappings, names of classes.

A recorded run writes its config and reads none, so converters reach these through what reads.
"""

from __future__ import annotations

from typing import Any

from pconfigs.build.optional import NoneConfig
from pconfigs.errors.formatting import clauses, did_you_mean, shorten
from pconfigs.markers import Omitted, Pinned, Required
from pconfigs.schema.class_schema import is_config_class
from pconfigs.serialization.allowlist import NotPermittedError
from pconfigs.serialization.conversion.contexts import Load
from pconfigs.serialization.conversion.foreign_values import is_dataclass_type
from pconfigs.serialization.conversion.plain_forms import PlainForms
from pconfigs.serialization.conversion.plain_helpers import ESCAPE, plain_string
from pconfigs.serialization.conversion.scalar_codecs import (
    SPECIAL,
    TAGS,
    codec_named,
    member_of,
)
from pconfigs.serialization.conversion.tags import ENUM, FLOAT, MARKER, OBJECT, SEQUENCES
from pconfigs.serialization.formats.yaml_scalar import PlainText

_MARKERS = {
    "Required": Required, "Pinned": Pinned, "Omitted": Omitted, "NoneConfig": NoneConfig,
}  # fmt: skip


def is_integer(text: str) -> bool:
    """Return whether a string is an int as Python writes it, short enough to be read."""
    return text.removeprefix("-").isdecimal() and text.isascii() and len(text) < 4300


def is_named_tuple(cls: Any) -> bool:
    """Return whether a class is a NamedTuple."""
    return isinstance(cls, type) and issubclass(cls, tuple) and hasattr(cls, "_fields")


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
    meant = did_you_mean(tag, [f"${known}" for known in TAGS] + [*SEQUENCES, ENUM, OBJECT])
    words = f"{shorten(tag)} is not a tag of saved configs"
    raise NotPermittedError(clauses(words, meant), ESCAPE)


def read_key(text: Any, forms: PlainForms, data: Load) -> Any:
    """Return the key of a mapping, or INVALID, with the reason noted."""
    if not isinstance(text, str):
        return text
    if str in forms.scalars and not (type(text) is PlainText and len(forms.scalars) > 1):
        return plain_string(text)
    if type(text) is not PlainText and forms.scalars == {int} and is_integer(text):
        return int(text)
    return data.text(text, forms)


def class_named(name: Any, forms: PlainForms, data: Load) -> Any:
    """Return the config class, named tuple or dataclass of a name.

    Raises:
        NotPermittedError: It is not one that may be here.
    """
    if forms.configs and not forms.any:
        return data.permitted.config_class(name, forms.configs)
    try:
        return data.permitted.config_class(name, forms.configs or data.classes)
    except NotPermittedError:
        found = data.permitted.object(name)
        if is_config_class(found) or is_named_tuple(found) or is_dataclass_type(found):
            return found
        raise NotPermittedError(
            f"{name} is not a config class", "a file cannot name what is to be called"
        ) from None
