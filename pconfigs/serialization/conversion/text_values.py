"""Strings of plain data as typed values, keys, tags and classes; the type of the field decides.

A string in quotes (and every string in JSON and TOML) is a string where the field takes strings.
What YAML writes without quotes is whatever the field takes: `1e-3` is a float for a float field, a
string for a string field.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pconfigs.build.optional import NoneConfig
from pconfigs.errors.formatting import clauses, did_you_mean, shorten
from pconfigs.markers import Omitted, Pinned, Required
from pconfigs.schema.class_schema import is_config_class
from pconfigs.serialization.allowlist import ImportAllowlist, NotPermittedError
from pconfigs.serialization.conversion.plain_forms import NAME, PlainForms
from pconfigs.serialization.conversion.plain_helpers import (
    ESCAPE,
    is_dataclass_type,
    is_named_tuple,
    plain_string,
)
from pconfigs.serialization.conversion.scalar_codecs import (
    SPECIAL,
    TAGS,
    codec_named,
    is_enum,
    member_of,
    scalar_codec_of,
)
from pconfigs.serialization.conversion.tags import ENUM, FLOAT, MARKER, OBJECT, SEQUENCES
from pconfigs.serialization.conversion.text_words import (
    CLEAR,
    NOTHING,
    boolean,
    is_octal,
    number,
    special,
)
from pconfigs.serialization.formats.yaml_scalar import PlainText
from pconfigs.validation.base import InvalidValue

_MARKERS = {
    "Required": Required, "Pinned": Pinned, "Omitted": Omitted, "NoneConfig": NoneConfig,
}  # fmt: skip
NULLS = frozenset(("", "~", "null", "Null", "NULL"))
"""What YAML itself takes for None."""
_TEXT: Any = object()


def read_text(text: str, forms: PlainForms, permitted: ImportAllowlist) -> Any:
    """Return the value of a string.

    Raises:
        ValueError: It has none here.
        NotPermittedError: It names what may not be named.
    """
    if type(text) is PlainText:
        plain = str.__str__(text)
        value = _read_plain(plain, forms)
        if value is not _TEXT:
            return value
        text = plain
        if str not in forms.scalars and not forms.texts:
            # The message is about the number that it is, not about a string.
            return untyped(text)
    if str in forms.scalars or not forms.texts:
        return SPECIAL[text] if forms.float_words and text in SPECIAL else text
    kind = forms.text_type
    if kind is None:
        raise ValueError(
            f"{shorten(text)} can be {_kinds(forms)} here: name one, as in {{'$Path': 'data'}}"
        )
    if kind is NAME:
        return permitted.object(text)
    if is_enum(kind):
        return _member(kind, text)
    codec = scalar_codec_of(kind)
    assert codec is not None
    return codec.read(text)


def untyped(text: str) -> Any:
    """Return what a scalar of YAML without quotes is where no type decides: a number or a word."""
    if text in NULLS:
        return None
    if text in CLEAR:
        return boolean(text)
    try:
        found = number(text)
    except ValueError:
        return text
    found = special(text) if found is None else found
    return text if found is None else found


def _kinds(forms: PlainForms) -> str:
    return " or ".join(
        "a dotted name" if kind is NAME else kind.__qualname__ for kind in forms.texts
    )


def _member(kind: Any, text: str) -> Any:
    """Return a member of an enum, by its name or its value."""
    try:
        return member_of(kind, text)
    except ValueError:
        for member in kind.__members__.values():
            if member._value_ == text:
                return member
        known = ", ".join(list(kind.__members__)[:12])
        words = f"{kind.__qualname__} has no member {shorten(text)}, only {known}"
        raise ValueError(clauses(words, did_you_mean(text, kind.__members__))) from None


def _read_plain(text: str, forms: PlainForms) -> Any:
    """Return what a scalar without quotes is, or `_TEXT` where it is a string."""
    scalars = forms.scalars
    if text in NULLS or (text in NOTHING and str not in scalars and not forms.texts):
        if type(None) in scalars:
            return None
        if forms.accepts_none_config:
            return NoneConfig
        if text == "" and not forms.any:
            raise ValueError("a value is missing: give one, or write '' for an empty string")
        if str in scalars:
            raise ValueError(f"unquoted {text} means None; quote it to get the string '{text}'")
        return _TEXT
    if bool in scalars and boolean(text) is not None:
        if text in CLEAR or not _fits_otherwise(text, forms):
            return boolean(text)
    if int in scalars or float in scalars:
        if str in scalars and not forms.any and is_octal(text):
            return _TEXT
        found = number(text)
        if found is None and ("." in text or str not in scalars):
            found = special(text)
        if found is not None and (float in scalars or isinstance(found, int)):
            return found
    return _TEXT


def _fits_otherwise(text: str, forms: PlainForms) -> bool:
    """Return whether a word of a boolean, `yes` or `1`, is a number or a string that fits."""
    if forms.texts:
        return True
    for value in [text] if number(text) is None else [text, number(text)]:
        try:
            forms.validator.validate(value)
            return True
        except InvalidValue:
            continue
    return False


def is_integer(text: str) -> bool:
    """Return whether a string is an int as Python writes it, short enough to be read."""
    return text.removeprefix("-").isdecimal() and text.isascii() and len(text) < 4300


def tagged_value(tag: str, text: Any, permitted: ImportAllowlist) -> Any:
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
        return permitted.object(text)
    if tag == ENUM:
        name, _, member = text.rpartition(".")
        return member_of(permitted.enum(name), member)
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


def read_key(text: Any, forms: PlainForms, permitted: ImportAllowlist) -> Any:
    """Return the key of a mapping; see `read_text`."""
    if not isinstance(text, str):
        return text
    if str in forms.scalars and not (type(text) is PlainText and len(forms.scalars) > 1):
        return plain_string(text)
    if type(text) is not PlainText and forms.scalars == {int} and is_integer(text):
        return int(text)
    return read_text(text, forms, permitted)


def class_named(
    name: Any, forms: PlainForms, permitted: ImportAllowlist, classes: Sequence[type]
) -> Any:
    """Return the config class, named tuple or dataclass of a name.

    Raises:
        NotPermittedError: It is not one that may be here.
    """
    if forms.configs and not forms.any:
        return permitted.config_class(name, forms.configs)
    try:
        return permitted.config_class(name, forms.configs or classes)
    except NotPermittedError:
        found = permitted.object_or_renamed(name)
        if is_config_class(found) or is_named_tuple(found) or is_dataclass_type(found):
            return found
        raise NotPermittedError(
            f"{name} is not a config class", "a file cannot name what is to be called"
        ) from None
