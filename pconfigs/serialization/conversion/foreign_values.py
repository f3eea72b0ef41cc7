"""Values with parts that are not configs: partial functions, containers of collections, arrays.

Nothing of theirs is called to read them: a partial function is put together.
"""

from __future__ import annotations

import sys

from pconfigs.annotations.kinds import is_array_class
from pconfigs.errors.formatting import shorten
from pconfigs.serialization.conversion.converters import converter_of, write_fields
from pconfigs.serialization.conversion.plain_helpers import (
    dataclass_fields,
    importable_name,
    is_dataclass_type,
    plain_string,
)
from pconfigs.serialization.conversion.scalar_codecs import qualified_name
from pconfigs.serialization.conversion.tags import ARRAY, COLLECTION, DICT, INVALID, PARTIAL, TYPE
from pconfigs.validation.base import ANY

TYPE_CHECKING = False  # every recorded run imports this
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pconfigs.serialization.conversion.contexts import Dump, Reading

_NUMBERS = "biuf"
_COLLECTIONS = ("OrderedDict", "defaultdict", "Counter", "deque")
_untyped = converter_of(ANY)


def write_foreign(value: Any, out: Dump) -> Any:
    """Return the plain form of a value with parts; note one that has none."""
    kind = type(value)
    if (kind.__module__, kind.__qualname__) == ("functools", "partial"):
        return _write_partial(value, out)
    if kind.__module__ == "collections" and kind.__qualname__ in _COLLECTIONS:
        return _write_collection(value, out)
    if is_array_class(kind):
        return _write_array(value, out)
    if is_dataclass_type(kind):
        return _write_dataclass(value, out)
    return out.refuse(value, "its type has no plain form")


def _write_partial(value: Any, out: Dump) -> Any:
    try:
        name = importable_name(value.func)
    except ValueError as error:
        return out.refuse(value, f"its function cannot be named: {error}")
    data: dict[str, Any] = {"name": name}
    if value.args:
        data["args"] = _untyped.dump(list(value.args), out)
    if value.keywords:
        data["keywords"] = _untyped.dump(dict(value.keywords), out)
    return {PARTIAL: data}


def _read_partial(node: Any, data: Reading) -> Any:
    """Return the partial function of its plain data, or INVALID, with the reason noted."""
    from functools import partial

    if not isinstance(node, dict) or not {"name"} <= node.keys() <= {"name", "args", "keywords"}:
        return data.note(f"{PARTIAL} must be a mapping of name, args and keywords")
    function = data.tried(data.permitted.object, plain_string(node["name"]))
    args = _untyped.load(node.get("args", []), data)
    keywords = _untyped.load(node.get("keywords", {}), data)
    if function is INVALID or args is INVALID or keywords is INVALID:
        return INVALID
    is_right = isinstance(args, list) and isinstance(keywords, dict) and callable(function)
    if not is_right or not all(isinstance(key, str) for key in keywords):
        return data.note(f"{PARTIAL} must have a function, a list of args, a mapping of keywords")
    return partial(function, *args, **keywords)


def _write_collection(value: Any, out: Dump) -> Any:
    name = type(value).__qualname__
    data: dict[str, Any] = {"type": name}
    if getattr(value, "maxlen", None) is not None:
        data["maxlen"] = value.maxlen
    if getattr(value, "default_factory", None) is not None:
        data["default"] = _untyped.dump(value.default_factory, out)
    items = _untyped.dump(list(value) if name == "deque" else dict(value), out)
    if name == "OrderedDict" and DICT not in items:
        # TOML writes tables, which None is as well, after other values, and lists of tables last.
        if any(isinstance(item, (dict, list, type(None))) for item in items.values()):
            items = {DICT: [*map(list, items.items())]}
    data["items"] = items
    return {COLLECTION: data}


def _read_collection(node: Any, data: Reading) -> Any:
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
    items, more = _untyped.load(node["items"], data), _untyped.load(node.get(further), data)
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


def _write_array(value: Any, out: Dump) -> Any:
    if value.dtype.kind not in _NUMBERS or type(value).__name__ != "ndarray":
        return out.refuse(value, f"an array of {value.dtype} has no plain form")
    items = _untyped.dump(value.tolist(), out)
    return {ARRAY: {"dtype": value.dtype.name, "shape": list(value.shape), "items": items}}


def _read_array(node: Any, data: Reading) -> Any:
    """Return the array of its plain data, or INVALID, with the reason noted."""
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return data.note("numpy must be imported to read it")
    if not isinstance(node, dict) or node.keys() != {"dtype", "shape", "items"}:
        return data.note(f"{ARRAY} must be a mapping of dtype, shape and items")
    shape, name = _untyped.load(node["shape"], data), plain_string(node["dtype"])
    items = _untyped.load(node["items"], data)
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


def _write_dataclass(value: Any, out: Dump) -> Any:
    kind = type(value)
    try:
        importable_name(kind)
    except ValueError as error:
        return out.refuse(value, f"its class cannot be named: {error}")
    fields = [(name, getattr(value, name)) for name in dataclass_fields(kind)]
    return write_fields(fields, {}, {TYPE: qualified_name(kind)}, out)


FOREIGN_READERS: dict[str, Callable[[Any, Reading], Any]] = {
    PARTIAL: _read_partial,
    ARRAY: _read_array,
    COLLECTION: _read_collection,
}
