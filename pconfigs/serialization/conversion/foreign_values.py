"""Values with parts that are not configs: named tuples, dataclasses, partial functions and others.

Nothing of theirs is called to read them: a partial function is put together, the fields of a
dataclass are set.
"""

from __future__ import annotations

import sys

from pconfigs.annotations.kinds import blank, is_array_class
from pconfigs.errors.formatting import shorten
from pconfigs.serialization.conversion.plain_helpers import importable_name, plain_string
from pconfigs.serialization.conversion.scalar_codecs import qualified_name
from pconfigs.serialization.conversion.tags import ARRAY, COLLECTION, INVALID, PARTIAL, TYPE

TYPE_CHECKING = False  # every recorded run imports this
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from pconfigs.serialization.conversion.contexts import Converter, Dump, Load

    Write = Callable[[Converter, Any, Dump], Any]

_NUMBERS = "biuf"
_COLLECTIONS = ("OrderedDict", "defaultdict", "Counter", "deque")


def foreign_writer(kind: type) -> Write | None:
    """Return what writes values of a type, given the converter of untyped ones, or None."""
    if (kind.__module__, kind.__qualname__) == ("functools", "partial"):
        return _write_partial
    if kind.__module__ == "collections" and kind.__qualname__ in _COLLECTIONS:
        return _write_collection
    if is_array_class(kind):
        return _write_array
    if is_dataclass_type(kind):
        return _write_dataclass
    return None


def is_dataclass_type(cls: Any) -> bool:
    """Return whether a class is a dataclass and not a config class."""
    return hasattr(cls, "__dataclass_fields__") and not hasattr(cls, "__pconfig_schema__")


def _write_partial(untyped: Converter, value: Any, out: Dump) -> Any:
    try:
        name = importable_name(value.func)
    except ValueError as error:
        return out.refuse(value, f"its function cannot be named: {error}")
    data: dict[str, Any] = {"name": name}
    if value.args:
        data["args"] = untyped.dump(list(value.args), out)
    if value.keywords:
        data["keywords"] = untyped.dump(dict(value.keywords), out)
    return {PARTIAL: data}


def _read_partial(untyped: Converter, node: Any, data: Load) -> Any:
    """Return the partial function of its plain data, or INVALID, with the reason noted."""
    from functools import partial

    if not isinstance(node, dict) or not {"name"} <= node.keys() <= {"name", "args", "keywords"}:
        return data.note(f"{PARTIAL} must be a mapping of name, args and keywords")
    function = data.tried(data.permitted.object, plain_string(node["name"]))
    args = untyped.load(node.get("args", []), data)
    keywords = untyped.load(node.get("keywords", {}), data)
    if function is INVALID or args is INVALID or keywords is INVALID:
        return INVALID
    is_right = isinstance(args, list) and isinstance(keywords, dict) and callable(function)
    if not is_right or not all(isinstance(key, str) for key in keywords):
        return data.note(f"{PARTIAL} must have a function, a list of args, a mapping of keywords")
    return partial(function, *args, **keywords)


def _write_collection(untyped: Converter, value: Any, out: Dump) -> Any:
    name = type(value).__qualname__
    data: dict[str, Any] = {"type": name}
    if getattr(value, "maxlen", None) is not None:
        data["maxlen"] = value.maxlen
    if getattr(value, "default_factory", None) is not None:
        data["default"] = untyped.dump(value.default_factory, out)
    data["items"] = untyped.dump(list(value) if name == "deque" else dict(value), out)
    return {COLLECTION: data}


def _read_collection(untyped: Converter, node: Any, data: Load) -> Any:
    """Return the container of `collections` of its plain data, or INVALID, with the reason noted.

    What a defaultdict makes of missing keys is not called: a config holds it read-only.
    """
    import collections

    name = plain_string(node.get("type")) if isinstance(node, dict) else None
    further = {"deque": "maxlen", "defaultdict": "default"}.get(str(name), "items")
    if name not in _COLLECTIONS or not {"type", "items"} <= node.keys() <= {
        "type",
        "items",
        further,
    }:
        return data.note(f"{COLLECTION} must be a mapping of type, items, maxlen and default")
    items, more = untyped.load(node["items"], data), untyped.load(node.get(further), data)
    if items is INVALID or more is INVALID:
        return INVALID
    if name == "deque":
        if not isinstance(items, list) or type(more) not in (int, type(None)) or (more or 0) < 0:
            return data.note("a deque has a list of items, and may have a maxlen of at least 0")
        return collections.deque(items, more)
    if not isinstance(items, dict):
        return data.note(f"{name} must have a mapping of items")
    if name == "defaultdict":
        if more is not None and not callable(more):
            return data.note("the default of a defaultdict must be a class or a function")
        return collections.defaultdict(more, items)
    made: Any = getattr(collections, name)()
    for key, item in items.items():
        made[key] = item
    return made


def _write_array(untyped: Converter, value: Any, out: Dump) -> Any:
    if value.dtype.kind not in _NUMBERS or type(value).__name__ != "ndarray":
        return out.refuse(value, f"an array of {value.dtype} has no plain form")
    items = untyped.dump(value.tolist(), out)
    return {ARRAY: {"dtype": value.dtype.name, "shape": list(value.shape), "items": items}}


def _read_array(untyped: Converter, node: Any, data: Load) -> Any:
    """Return the array of its plain data, or INVALID, with the reason noted."""
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return data.note("numpy must be imported to read it")
    if not isinstance(node, dict) or node.keys() != {"dtype", "shape", "items"}:
        return data.note(f"{ARRAY} must be a mapping of dtype, shape and items")
    shape, name = untyped.load(node["shape"], data), plain_string(node["dtype"])
    items = untyped.load(node["items"], data)
    if items is INVALID or not isinstance(name, str) or len(name) > 12:
        return data.note(f"{ARRAY} has items that are not numbers, or no dtype of numbers")
    try:
        dtype = numpy.dtype(name)
        if dtype.kind not in _NUMBERS:
            raise ValueError(f"an array of {name} is not one of numbers")
        made = numpy.array(items, dtype=dtype).reshape(tuple(shape))
    except (TypeError, ValueError, OverflowError) as error:
        return data.note(f"it is not an array of {shorten(name, 20)}: {error}")
    made.setflags(write=False)
    return made


def _write_dataclass(untyped: Converter, value: Any, out: Dump) -> Any:
    kind = type(value)
    try:
        importable_name(kind)
    except ValueError as error:
        return out.refuse(value, f"its class cannot be named: {error}")
    data: dict[str, Any] = {TYPE: qualified_name(kind)}
    out.steps.append(None)
    for name in kind.__dataclass_fields__:
        if _is_field(kind, name):
            out.steps[-1] = name
            data[name] = untyped.dump(getattr(value, name), out)
    out.steps.pop()
    return data


FOREIGN_READERS: dict[str, Callable[[Converter, Any, Load], Any]] = {
    PARTIAL: _read_partial,
    ARRAY: _read_array,
    COLLECTION: _read_collection,
}


def _is_field(cls: Any, name: str) -> bool:
    # ClassVar and InitVar are kept among the fields, too.
    return bool(cls.__dataclass_fields__[name]._field_type.name == "_FIELD")


def read_dataclass(untyped: Converter, cls: Any, node: dict[Any, Any], data: Load) -> Any:
    """Return the dataclass instance of its fields, or INVALID, with the reason noted."""
    names = [name for name in cls.__dataclass_fields__ if _is_field(cls, name)]
    unknown = [key for key in node if key != TYPE and key not in names]
    missing = [name for name in names if name not in node]
    if unknown or missing:
        words = f"has no {shorten(unknown[0])}" if unknown else f"is missing {missing[0]!r}"
        return data.note(f"{cls.__qualname__} {words}")
    made = blank(cls)
    before = len(data.problems)
    data.steps.append(None)
    for name in names:
        data.steps[-1] = name
        object.__setattr__(made, name, untyped.load(node[name], data))
    data.steps.pop()
    return made if len(data.problems) == before else INVALID


def write_named_tuple(
    value: Any, converters: Sequence[Converter], is_decided: bool, out: Dump
) -> dict[str, Any]:
    """Return the plain form of a NamedTuple: a mapping of its fields."""
    kind = type(value)
    data: dict[str, Any] = {} if is_decided else {TYPE: qualified_name(kind)}
    out.steps.append(None)
    for name, item, converter in zip(kind._fields, tuple(value), converters, strict=True):
        out.steps[-1] = name
        data[name] = converter.dump(item, out)
    out.steps.pop()
    return data


def read_named_tuple(
    cls: Any, converters: Sequence[Converter], node: dict[Any, Any], data: Load
) -> Any:
    """Return the NamedTuple of its fields, or INVALID, with the reason noted."""
    given = {key: value for key, value in node.items() if key != TYPE}
    unknown = [key for key in given if key not in cls._fields]
    missing = [name for name in cls._fields if name not in given]
    if unknown or missing:
        words = f"has no {shorten(unknown[0])}" if unknown else f"is missing {missing[0]!r}"
        return data.note(f"{cls.__qualname__} {words}")
    items: list[Any] = []
    before = len(data.problems)
    data.steps.append(None)
    for name, converter in zip(cls._fields, converters, strict=True):
        data.steps[-1] = name
        items.append(converter.load(given[name], data))
    data.steps.pop()
    # The class itself is not called.
    return cls._make(items) if len(data.problems) == before else INVALID
