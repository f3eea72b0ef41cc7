"""Plain words: what a text in plain data stands for, which the type of its field decides.

A text in quotes (and every text in JSON and TOML) is a text where the field takes texts. What YAML
writes without quotes is whatever the field takes: `1e-3` a float for a float, a text for a text.
"""

from __future__ import annotations

from pconfigs.build.optional import NoneConfig
from pconfigs.serialization.formats.yaml_scalar import PlainText
from pconfigs.serialization.plain_forms import NAME
from pconfigs.serialization.scalar_codecs import SPECIAL, is_enum, member_of, scalar_codec_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.serialization.allowlist import ImportAllowlist
    from pconfigs.serialization.plain_forms import PlainForms

NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_TRUE, _FALSE = frozenset(("true", "True", "TRUE")), frozenset(("false", "False", "FALSE"))
_ON = {"on": True, "yes": True, "off": False, "no": False}
_FLOATS = {".nan": "nan", ".inf": "inf", "+.inf": "inf", "-.inf": "-inf", "+inf": "inf"}


class _Nothing:
    """Stands for 'no such word'."""


NOTHING = _Nothing()


def read_word(text: str, options: PlainForms, permitted: ImportAllowlist) -> Any:
    """The value of a text.

    Raises:
        ValueError: It has none here.
        NotPermittedError: It names what may not be named.
    """
    if type(text) is PlainText:
        found = _read_plain(str.__str__(text), options)
        if found is not NOTHING:
            return found
        text = str.__str__(text)
    if str in options.scalars or not options.words:
        special = options.special and text in SPECIAL
        return SPECIAL[text] if special else text
    kind = options.word
    if kind is None:
        raise ValueError(
            f"{text!r} can be {_kinds(options)} here: say which, as in {{'$Path': 'data'}}"
        )
    if kind is NAME:
        return permitted.object(text)
    if is_enum(kind):
        return _member(kind, text)
    leaf = scalar_codec_of(kind)
    assert leaf is not None
    return leaf.read(text)


def _kinds(options: PlainForms) -> str:
    return " or ".join(
        "a dotted name" if kind is NAME else kind.__qualname__ for kind in options.words
    )


def _member(kind: Any, text: str) -> Any:
    """A member of an enum, by its name or its value."""
    try:
        return member_of(kind, text)
    except ValueError:
        for member in kind.__members__.values():
            if member._value_ == text:
                return member
        from pconfigs.errors.formatting import nearest

        close = nearest(text, kind.__members__)
        meant = f"; did you mean {close!r}?" if close else ""
        known = ", ".join(list(kind.__members__)[:12])
        raise ValueError(
            f"{kind.__qualname__} has no member {text!r}, only {known}{meant}"
        ) from None


def _read_plain(text: str, options: PlainForms) -> Any:
    """What a scalar without quotes is, or NOTHING where it is a text."""
    scalars = options.scalars
    if text in NULLS:
        if type(None) in scalars:
            return None
        if options.absent:
            return NoneConfig
        if text == "" and not options.any:
            raise ValueError("nothing stands here: give a value, or write '' for an empty text")
        if str in scalars:
            raise ValueError(f"{text} stands for nothing: put it in quotes where a text is meant")
        return NOTHING
    if bool in scalars:
        if text in _TRUE or text in _FALSE:
            return text in _TRUE
        if str not in scalars and text.lower() in _ON:
            return _ON[text.lower()]
    if int in scalars or float in scalars:
        return _number(text, options)
    return NOTHING


def _number(text: str, options: PlainForms) -> Any:
    import re

    scalars = options.scalars
    if re.fullmatch(r"[-+]?(0|[1-9][0-9]*(_[0-9]+)*)", text):
        return int(text) if len(text) < 4300 else NOTHING
    if re.fullmatch(r"[-+]?0([xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)", text):
        return int(text, 0)
    if re.fullmatch(r"[-+]?0[0-9_]+", text) and str not in scalars:
        raise ValueError(f"{text} may be octal or not: write {text.lstrip('0_') or '0'} or 0o...")
    if float in scalars:
        if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text):
            return float(text.replace("_", ""))
        special = _FLOATS.get(text.lower(), text.lower())
        if special in SPECIAL and (special != text.lower() or str not in scalars):
            return SPECIAL[special]
    return NOTHING
