"""Codecs of values that are written as one string: bytes, paths, dates, exact numbers, members.

Each has a text that determines it, and a way back from that text that calls nothing but the type
itself.
"""

from __future__ import annotations

import sys

from pconfigs.annotations.kinds import SCRIPTS
from pconfigs.syntax import literal_value
from pconfigs.validation.value_types import VALUE_TYPES, ValueType, value_type_of

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
        tag: The name of the type where nothing else decides it: `Path` of `{"$Path": "data"}`.
        write: The text of a value; a ValueError has the reason if there is none.
        read: The value of a text; a ValueError describes the problem of it.
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


def _made_by(module: str, name: str) -> ScalarReader:
    """Return what gives a text to a class of the standard library, which is loaded then."""

    def read(text: str) -> Any:
        return getattr(__import__(module), name)(text)

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
        raise ValueError("it is not a decimal number") from None


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


_FOLD = "[fold=1]"


def _write_time(value: Any) -> str:
    from datetime import timezone

    if value.tzinfo is not None and type(value.tzinfo) is not timezone:
        raise ValueError("its time zone must be a fixed offset: use datetime.timezone")
    return str(value.isoformat()) + (_FOLD if value.fold else "")


def _read_time(name: str) -> ScalarReader:
    def read(text: str) -> Any:
        import datetime as dt

        value = getattr(dt, name).fromisoformat(text.removesuffix(_FOLD))
        return value.replace(fold=1) if text.endswith(_FOLD) and name != "date" else value

    return read


def _read_duration(text: str) -> Any:
    import re
    from datetime import timedelta

    found = re.fullmatch(r"(?:(-?\d+) days?, )?(\d+):(\d\d):(\d\d)(?:\.(\d{6}))?", text)
    if found is None:
        raise ValueError("it is not a duration such as '1 day, 2:30:00'")
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


def _read_range(text: str) -> Any:
    import re

    found = re.fullmatch(r"range\((-?\d+), (-?\d+)(?:, (-?\d+))?\)", text)
    if found is None:
        raise ValueError("it is not a range such as 'range(0, 3)'")
    return range(*(int(part) for part in found.groups() if part is not None))


def _write_pattern(value: Any) -> str:
    pattern = value.pattern
    if not isinstance(pattern, str):
        raise ValueError("a pattern of bytes has no text")  # noqa: TRY004
    letters = "".join(
        letter for letter, flag in _FLAGS.items() if value.flags & flag and letter != "u"
    )
    if letters or _slashed(pattern):
        return f"/{pattern}/{letters}"
    return pattern


def _read_pattern(text: str) -> Any:
    import re

    if len(text) > 10_000:
        raise ValueError("a pattern must have at most 10,000 characters")
    slashed = _slashed(text)
    pattern, letters = slashed.groups() if slashed else (text, "")
    flags = 0
    for letter in letters:
        flags |= _FLAGS[letter]
    try:
        return re.compile(pattern, flags)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"it is not a regular expression: {error}") from None


# As re.RegexFlag has them, which would have to be imported.
_FLAGS = {"a": 256, "i": 2, "m": 8, "s": 16, "u": 32, "x": 64}


def _slashed(text: str) -> Any:
    """Return the match of a text of the form `/pattern/flags`, or None."""
    import re

    return re.fullmatch(r"/(.*)/([aimsx]*)", text, re.DOTALL)


def _from_torch(text: str) -> Any:
    torch = _loaded("torch")
    value = getattr(torch, text.removeprefix("torch."), None)
    if not isinstance(value, torch.dtype):
        raise ValueError("torch has no dtype of that name")  # noqa: TRY004
    return value


def _device(text: str) -> Any:
    try:
        return _loaded("torch").device(text)
    except RuntimeError as error:
        raise ValueError(str(error).partition("\n")[0]) from None


def _write_numpy_dtype(value: Any) -> str:
    if value.names is not None or value.subdtype is not None or value.hasobject:
        raise ValueError("a structured dtype, or one of objects, has no text")
    return str(value.name if value.kind not in "SUVMm" and value.isnative else value.str)


def _read_numpy_dtype(text: str) -> Any:
    numpy = _loaded("numpy")
    try:
        value = numpy.dtype(text) if len(text) < 40 else None
    except (TypeError, ValueError):
        value = None
    if value is None or value.names is not None or value.hasobject:
        raise ValueError("numpy has no dtype of that name")
    return value


def _write_numpy_scalar(value: Any) -> str:
    if value.dtype.kind not in "biufc":
        raise ValueError("its type has no plain form")
    return f"{value.dtype.name}({value.item()!r})"


def _read_numpy_scalar(text: str) -> Any:
    name, _, rest = text.partition("(")
    if not rest.endswith(")"):
        raise ValueError("it is not a scalar such as 'float32(1.5)'")
    dtype = _read_numpy_dtype(name)
    inner = rest.removesuffix(")")
    _refuse_long(inner)
    try:
        value = SPECIAL[inner] if inner in SPECIAL else literal_value(inner)
        return dtype.type(value)
    except (SyntaxError, TypeError, OverflowError, MemoryError):
        raise ValueError("it is not a scalar such as 'float32(1.5)'") from None


def _loaded(name: str) -> Any:
    """Return a module of another library; data never imports one."""
    module = sys.modules.get(name)
    if module is None:
        raise ValueError(f"{name} must be imported to read it")
    return module


_PATH = ScalarCodec("Path", str, _made_by("pathlib", "Path"))
_BY_NAME = {
    ("builtins", "bytes"): ScalarCodec("bytes", _write_bytes, _read_bytes),
    ("builtins", "complex"): ScalarCodec("complex", repr, _read_complex),
    ("builtins", "range"): ScalarCodec("range", repr, _read_range),
    ("decimal", "Decimal"): ScalarCodec("Decimal", str, _read_decimal),
    ("fractions", "Fraction"): ScalarCodec("Fraction", str, _read_fraction),
    ("uuid", "UUID"): ScalarCodec("UUID", str, _made_by("uuid", "UUID")),
    ("datetime", "date"): ScalarCodec("date", str, _read_time("date")),
    ("datetime", "time"): ScalarCodec("time", _write_time, _read_time("time")),
    ("datetime", "datetime"): ScalarCodec("datetime", _write_time, _read_time("datetime")),
    ("datetime", "timedelta"): ScalarCodec("timedelta", str, _read_duration),
    ("re", "Pattern"): ScalarCodec("Pattern", _write_pattern, _read_pattern),
    ("torch", "dtype"): ScalarCodec(
        "torch.dtype", lambda value: str(value).removeprefix("torch."), _from_torch
    ),
    ("torch", "device"): ScalarCodec("torch.device", str, _device),
    ("numpy", "dtype"): ScalarCodec("numpy.dtype", _write_numpy_dtype, _read_numpy_dtype),
    ("numpy", "generic"): ScalarCodec("numpy", _write_numpy_scalar, _read_numpy_scalar),
    ("pathlib", "Path"): _PATH,
    ("pathlib", "PosixPath"): _PATH,
    ("pathlib", "WindowsPath"): _PATH,
    ("pathlib", "PurePosixPath"): ScalarCodec(
        "PurePosixPath", str, _made_by("pathlib", "PurePosixPath")
    ),
    ("pathlib", "PureWindowsPath"): ScalarCodec(
        "PureWindowsPath", str, _made_by("pathlib", "PureWindowsPath")
    ),
}
TAGS = {leaf.tag: leaf for leaf in _BY_NAME.values()}
_PUBLIC = {"pathlib._local": "pathlib"}


def scalar_codec_of(cls: type) -> ScalarCodec | None:
    """Return how values of a type are written as text, if they are."""
    module = cls.__module__
    known = _BY_NAME.get((_PUBLIC.get(module, module), cls.__qualname__))
    if known is not None:
        return known
    taught = value_type_of(cls)
    if taught is not None:
        return _taught_codec(taught)
    if module.partition(".")[0] == "numpy":
        for ancestor in cls.__mro__:
            if (ancestor.__module__, ancestor.__qualname__) in _OF_NUMPY:
                return _BY_NAME[ancestor.__module__, ancestor.__qualname__]
    return None


def _taught_codec(taught: ValueType) -> ScalarCodec:
    codec = _TAUGHT.get(taught)
    if codec is None:
        codec = _TAUGHT[taught] = ScalarCodec(taught.name, taught.to_text, taught.from_text)
    return codec


_TAUGHT: dict[ValueType, ScalarCodec] = {}


def codec_named(tag: str) -> ScalarCodec | None:
    """Return the codec of a tag, without its `$`."""
    for taught in VALUE_TYPES.values():
        if taught.name == tag:
            return _taught_codec(taught)
    return TAGS.get(tag)


_OF_NUMPY = frozenset((("numpy", "dtype"), ("numpy", "generic")))


def is_enum(cls: Any) -> bool:
    """Return whether `cls` is a class of enum members."""
    enum = sys.modules.get("enum")
    return enum is not None and isinstance(cls, enum.EnumMeta)


def enum_text(member: Any) -> str:
    """Return the name of an enum member; of combined flags, their names: `READ|WRITE`."""
    cls = type(member)
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
    """Return the member of an enum whose `enum_text` is given; a ValueError where there is none.

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
            found = cls(int(text))
            if found.value == int(text):  # Python takes -1 for all members
                return found
    raise ValueError(f"{cls.__qualname__} has no member of that name")


def qualified_name(cls: Any) -> str:
    """Return the dotted name under which a class or function is written."""
    module = cls.__module__
    if module in SCRIPTS:
        spec = getattr(sys.modules.get("__main__"), "__spec__", None)
        module = getattr(spec, "name", None) or "__main__"
    return f"{_PUBLIC.get(module, module)}.{cls.__qualname__}"
