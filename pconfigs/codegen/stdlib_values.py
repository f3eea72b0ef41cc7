"""Values of the standard library (and arrays) as calls that make them.

Their types are known by name, so that nothing is imported to print what is not there.
"""

from __future__ import annotations

from pconfigs.codegen.nodes import ReprCode, Unprintable, call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pconfigs.codegen.imports import ImportNames
    from pconfigs.codegen.nodes import Node


def _text(value: Any, name: str, names: ImportNames) -> Node:
    return call(name, str(value))


def _fraction(value: Any, name: str, names: ImportNames) -> Node:
    return call(name, value.numerator, value.denominator)


def _date(value: Any, name: str, names: ImportNames) -> Node:
    return call(name, value.year, value.month, value.day)


def _clock(value: Any) -> tuple[list[int], dict[str, Any]]:
    """Return hour and minute, then what is not zero."""
    times = [value.hour, value.minute, value.second, value.microsecond]
    while len(times) > 2 and not times[-1]:
        times.pop()
    extras: dict[str, Any] = {}
    if value.tzinfo is not None:
        extras["tzinfo"] = value.tzinfo
    if value.fold:
        extras["fold"] = value.fold
    return times, extras


def _datetime(value: Any, name: str, names: ImportNames) -> Node:
    times, extras = _clock(value)
    return call(name, value.year, value.month, value.day, *times, **extras)


def _time(value: Any, name: str, names: ImportNames) -> Node:
    times, extras = _clock(value)
    return call(name, *times, **extras)


def _timedelta(value: Any, name: str, names: ImportNames) -> Node:
    parts = {"days": value.days, "seconds": value.seconds, "microseconds": value.microseconds}
    return call(name, **{unit: count for unit, count in parts.items() if count})


def _timezone(value: Any, name: str, names: ImportNames) -> Node:
    offset, *label = value.__getinitargs__()
    return call(name, offset, *label) if offset or label else f"{name}.utc"


def _zone(value: Any, name: str, names: ImportNames) -> Node:
    return Unprintable(f"<{value!r}>") if value.key is None else call(name, value.key)


def _partial(value: Any, name: str, names: ImportNames) -> Node:
    return call(name, value.func, *value.args, **value.keywords)


def _namespace(value: Any, name: str, names: ImportNames) -> Node:
    return call(name, **vars(value))


def _mapping(value: Any, name: str, names: ImportNames) -> Node:
    return call(name, dict(value))


def _defaultdict(value: Any, name: str, names: ImportNames) -> Node:
    return call(name, value.default_factory, dict(value))


def _deque(value: Any, name: str, names: ImportNames) -> Node:
    return (
        call(name, list(value))
        if value.maxlen is None
        else call(name, list(value), maxlen=value.maxlen)
    )


def _pattern(value: Any, name: str, names: ImportNames) -> Node:
    from re import RegexFlag

    # Patterns of text have UNICODE whether asked for or not.
    given = value.flags & ~32 if isinstance(value.pattern, str) else value.flags
    flags = (RegexFlag(given),) if given else ()
    return call(name, value.pattern, *flags)


def _array(value: Any, name: str, names: ImportNames) -> Node:
    return call(name, value.typecode, list(value) if value.typecode != "u" else "".join(value))


def _numpy_array(value: Any, name: str, names: ImportNames) -> Node:
    if value.dtype.names is not None or value.dtype.hasobject:
        return Unprintable(f"<array of {value.dtype}, shape {value.shape}>")
    return call(name, value.tolist(), dtype=str(value.dtype))


def _numpy_dtype(value: Any, name: str, names: ImportNames) -> Node:
    is_plain = value.names is None and value.subdtype is None
    return call(name, str(value)) if is_plain else ReprCode(repr(value), "dtype")


def _torch_dtype(value: Any, name: str, names: ImportNames) -> Node:
    return str(value)


LIBRARY: dict[tuple[str, str], Callable[[Any, str, ImportNames], Node]] = {
    ("pathlib", "PurePath"): _text,
    ("pathlib", "PurePosixPath"): _text,
    ("pathlib", "PureWindowsPath"): _text,
    ("pathlib", "PosixPath"): _text,
    ("pathlib", "WindowsPath"): _text,
    ("decimal", "Decimal"): _text,
    ("uuid", "UUID"): _text,
    ("ipaddress", "IPv4Address"): _text,
    ("ipaddress", "IPv6Address"): _text,
    ("ipaddress", "IPv4Network"): _text,
    ("ipaddress", "IPv6Network"): _text,
    ("fractions", "Fraction"): _fraction,
    ("datetime", "date"): _date,
    ("datetime", "datetime"): _datetime,
    ("datetime", "time"): _time,
    ("datetime", "timedelta"): _timedelta,
    ("datetime", "timezone"): _timezone,
    ("zoneinfo", "ZoneInfo"): _zone,
    ("functools", "partial"): _partial,
    ("types", "SimpleNamespace"): _namespace,
    ("types", "MappingProxyType"): _mapping,
    ("collections", "OrderedDict"): _mapping,
    ("collections", "Counter"): _mapping,
    ("collections", "defaultdict"): _defaultdict,
    ("collections", "deque"): _deque,
    ("re", "Pattern"): _pattern,
    ("array", "array"): _array,
    ("numpy", "ndarray"): _numpy_array,
    ("numpy", "dtype"): _numpy_dtype,
    ("torch", "dtype"): _torch_dtype,
    ("torch", "device"): _text,
}
# What makes values of a type, where it is not the type itself.
MAKERS = {
    ("pathlib", "PosixPath"): "Path",
    ("pathlib", "WindowsPath"): "Path",
    ("numpy", "ndarray"): "array",
}


def maker(known: tuple[str, str], names: ImportNames) -> str:
    """Return the name in code of the function that makes values of a library type."""
    if known == ("re", "Pattern"):
        return f"{names.module('re')}.compile"
    if known[0] == "torch":
        return f"{names.module('torch')}.{known[1]}"
    return names.imported(known[0], MAKERS.get(known, known[1]))
