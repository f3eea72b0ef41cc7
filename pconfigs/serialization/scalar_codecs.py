"""Leaves: values that are written as one word: bytes, paths, dates, exact numbers, members, names.

Each has a text that tells it completely, and a way from that text back that calls nothing but the
type itself.
"""

from __future__ import annotations

import sys

from pconfigs.annotations.kinds import kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Write = Callable[[Any], str]
    ScalarReader = Callable[[str], Any]

SPECIAL = {"nan": float("nan"), "inf": float("inf"), "-inf": float("-inf")}
"""Floats that JSON has no form for."""


LONGEST_NUMBER = 4300
"""Characters of a number that is read; Python itself reads no more digits of an int."""


class ScalarCodec:
    """How values of one type are written as text.

    Attributes:
        tag: The word that tells the type where nothing else does: `Path` of `{"$Path": "data"}`.
        write: The text of a value; a ValueError says why there is none.
        read: The value of a text; a ValueError says what is wrong with it.
    """

    __slots__ = ("read", "tag", "write")

    def __init__(self, tag: str, write: Write, read: ScalarReader) -> None:
        self.tag, self.write, self.read = tag, write, read


def _write_bytes(value: bytes) -> str:
    from binascii import b2a_base64

    return b2a_base64(value, newline=False).decode("ascii")


def _read_bytes(text: str) -> bytes:
    from base64 import b64decode

    return b64decode(text.encode("ascii", "replace"), validate=True)


def _read_path(name: str) -> ScalarReader:
    def read(text: str) -> Any:
        import pathlib

        return getattr(pathlib, name)(text)

    return read


def _refuse_long(text: str) -> None:
    if len(text) > LONGEST_NUMBER:
        raise ValueError(f"a number must have at most {LONGEST_NUMBER} characters")


def _read_decimal(text: str) -> Any:
    from decimal import Decimal, InvalidOperation

    _refuse_long(text)
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError("it is no decimal number") from None


def _read_fraction(text: str) -> Any:
    from fractions import Fraction

    _refuse_long(text)
    exponent = text.lower().rpartition("e")[2] if "e" in text.lower() else ""
    if len(exponent.strip().lstrip("+-0_").replace("_", "")) > 3:
        # Fraction("1e999999999") is an int of a billion digits.
        raise ValueError("its exponent must be at most 999")
    try:
        return Fraction(text)
    except ZeroDivisionError:
        raise ValueError("its denominator is 0") from None


def _write_time(value: Any) -> str:
    from datetime import timezone

    if value.tzinfo is not None and type(value.tzinfo) is not timezone:
        raise ValueError("its time zone is no fixed offset: use datetime.timezone")
    return str(value.isoformat())


def _read_time(name: str) -> ScalarReader:
    def read(text: str) -> Any:
        import datetime as dt

        return getattr(dt, name).fromisoformat(text)

    return read


def _read_duration(text: str) -> Any:
    import re
    from datetime import timedelta

    found = re.fullmatch(r"(?:(-?\d+) days?, )?(\d+):(\d\d):(\d\d)(?:\.(\d{6}))?", text)
    if found is None:
        raise ValueError("it is no duration such as '1 day, 2:30:00'")
    days, hours, minutes, seconds, micro = (int(part or 0) for part in found.groups())
    try:
        return timedelta(days, seconds, micro, minutes=minutes, hours=hours)
    except OverflowError:
        raise ValueError("it is longer than a timedelta can be") from None


def _read_complex(text: str) -> complex:
    _refuse_long(text)
    value = complex(text)
    if "inf" not in text.lower() and "inf" in repr(value):
        raise ValueError("it is larger than any float")
    return value


def _read_uuid(text: str) -> Any:
    from uuid import UUID

    return UUID(text)


def _read_range(text: str) -> Any:
    import re

    found = re.fullmatch(r"range\((-?\d+), (-?\d+)(?:, (-?\d+))?\)", text)
    if found is None:
        raise ValueError("it is no range such as 'range(0, 3)'")
    return range(*(int(part) for part in found.groups() if part is not None))


_PATH = ScalarCodec("Path", str, _read_path("Path"))
_BY_NAME = {
    ("builtins", "bytes"): ScalarCodec("bytes", _write_bytes, _read_bytes),
    ("builtins", "complex"): ScalarCodec("complex", repr, _read_complex),
    ("builtins", "range"): ScalarCodec("range", repr, _read_range),
    ("decimal", "Decimal"): ScalarCodec("Decimal", str, _read_decimal),
    ("fractions", "Fraction"): ScalarCodec("Fraction", str, _read_fraction),
    ("uuid", "UUID"): ScalarCodec("UUID", str, _read_uuid),
    ("datetime", "date"): ScalarCodec("date", str, _read_time("date")),
    ("datetime", "time"): ScalarCodec("time", _write_time, _read_time("time")),
    ("datetime", "datetime"): ScalarCodec("datetime", _write_time, _read_time("datetime")),
    ("datetime", "timedelta"): ScalarCodec("timedelta", str, _read_duration),
    ("pathlib", "Path"): _PATH,
    ("pathlib", "PosixPath"): _PATH,
    ("pathlib", "WindowsPath"): _PATH,
    ("pathlib", "PurePosixPath"): ScalarCodec("PurePosixPath", str, _read_path("PurePosixPath")),
    ("pathlib", "PureWindowsPath"): ScalarCodec(
        "PureWindowsPath", str, _read_path("PureWindowsPath")
    ),
}
TAGS = {leaf.tag: leaf for leaf in _BY_NAME.values()}
_PUBLIC = {"pathlib._local": "pathlib"}


def scalar_codec_of(cls: type) -> ScalarCodec | None:
    """How values of exactly this type are written as text, if they are."""
    module = cls.__module__
    return _BY_NAME.get((_PUBLIC.get(module, module), cls.__qualname__))


def is_enum(cls: Any) -> bool:
    """Whether `cls` is a class of enum members."""
    enum = sys.modules.get("enum")
    return enum is not None and isinstance(cls, enum.EnumMeta)


def enum_text(member: Any) -> str:
    """The name of an enum member; of a combination of flags, their names: `READ|WRITE`."""
    cls = kind_of(member)
    name = member._name_
    if name is not None and cls.__members__.get(name) is member:
        return str(name)
    value = member._value_
    parts = [n for n, m in cls.__members__.items() if _is_single(m._value_) and m._value_ & value]
    if value and sum({cls.__members__[n]._value_ for n in parts}) == value:
        return "|".join(parts)
    return str(value)


def _is_single(value: Any) -> bool:
    return isinstance(value, int) and value > 0 and not value & (value - 1)


def member_of(cls: Any, text: str) -> Any:
    """The member of an enum that `enum_text` tells; a ValueError where there is none.

    Nothing of the class is called: its members are looked up, flags excepted, which Python itself
    combines.
    """
    members = cls.__members__
    if text in members:
        return members[text]
    if issubclass(cls, sys.modules["enum"].Flag):
        names = text.split("|")
        if all(name in members for name in names):
            found = members[names[0]]
            for name in names[1:]:
                found = found | members[name]
            return found
        if text.lstrip("-").isdigit() and len(text) < 40:
            return cls(int(text))
    raise ValueError(f"{cls.__qualname__} has no member of that name")


def qualified_name(cls: Any) -> str:
    """The dotted name under which a class or function is written down."""
    module = cls.__module__
    if module == "__main__":
        spec = getattr(sys.modules.get("__main__"), "__spec__", None)
        module = getattr(spec, "name", None) or module
    return f"{_PUBLIC.get(module, module)}.{cls.__qualname__}"
