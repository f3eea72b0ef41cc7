"""Read-only arrays of numpy: neither their items, nor their shape and type of items change.

They are arrays to `isinstance` and to all functions, go by the name of the class of numpy, and what
is computed from them, copied or pickled is an ordinary array. Items with named fields, which numpy
calls void or record, are held likewise.
"""

from __future__ import annotations

import sys
from copy import deepcopy
from functools import cache
from typing import Any

from pconfigs.annotations.kinds import is_array_class
from pconfigs.errors.access import FrozenContainerError

_VARIANT = (
    "an array with it, and Config(config, field=...): numpy.reshape, array.view or array.copy"
)

_COPYING = ("__copy__", "__deepcopy__", "__reduce__", "__reduce_ex__", "__repr__", "copy", "view")


@cache
def _frozen_kind() -> Any:
    """Return the subclass of arrays of which the attributes of read-only objects cannot be set."""
    numpy: Any = sys.modules["numpy"]
    plain = numpy.ndarray
    body: dict[str, Any] = {
        "__slots__": (),
        "__module__": plain.__module__,
        "__qualname__": plain.__qualname__,
        # For those who pickle the class by its name, as the hashes of joblib do.
        "__class__": property(lambda array: plain),
        "_plain": plain,
        "_baseclass": plain,  # of masked arrays that are made of one, which are shown with its name
        "__array_wrap__": _ordinary_result,
        "__setstate__": _kept_method(plain, "__setstate__"),
        "resize": _kept_method(plain, "resize"),
    }
    # Of a read-only subclass, numpy 1 makes what a mask selects read-only, although it is a copy.
    selecting = ["__getitem__"] if numpy.__version__.startswith("1.") else []
    for name in (*_COPYING, *selecting):
        body[name] = _of_ordinary(plain, name)
    # numpy 2.5 sets the real part of a read-only array without axes.
    for name in ("imag", "real", "shape", "strides"):
        body[name] = _kept_attribute(vars(plain)[name], name)
    body["dtype"] = _kept_attribute(vars(plain)["dtype"], "dtype", _own_type)
    return type(plain.__name__, (plain,), body)


def _of_ordinary(plain: Any, name: str) -> Any:
    """Return a method that does what it does for an ordinary array with the same memory."""
    method = getattr(plain, name)

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        return method(plain.view(self, plain), *args, **kwargs)

    call.__name__ = name
    return call


def _ordinary_result(
    self: Any, array: Any, context: Any = None, return_scalar: bool | None = None
) -> Any:
    """Return what numpy has computed as an ordinary array, or as a number where it has no axes."""
    if array is self:
        return array
    made = array.view(self._plain)
    # Before numpy 2, who is asked decides.
    return made[()] if return_scalar or (return_scalar is None and not made.ndim) else made


def _kept_attribute(attribute: Any, name: str, shown: Any = None) -> property:
    """Return a property in the place of an attribute, which copies alone can set."""

    def change(self: Any, value: Any) -> None:
        _refuse_read_only(self, name)
        attribute.__set__(self, value)

    def read(self: Any) -> Any:
        return shown(attribute.__get__(self))

    return property(attribute.__get__ if shown is None else read, change)


def _kept_method(plain: Any, name: str) -> Any:
    """Return a method in the place of one that changes an array, which copies alone have."""
    method = getattr(plain, name)

    def change(self: Any, *args: Any, **kwargs: Any) -> Any:
        _refuse_read_only(self, name)
        return method(self, *args, **kwargs)

    change.__name__ = name
    return change


def _own_type(dtype: Any) -> Any:
    """Return a type of items that no other array has, as names of its fields can be set."""
    return dtype if dtype.base.names is None else deepcopy(dtype)


def _refuse_read_only(array: Any, name: str) -> None:
    if not array.flags.writeable:
        raise FrozenContainerError("array", name, _VARIANT)


def is_record_class(cls: type) -> bool:
    """Return whether objects of a class are items of arrays with fields; none are without numpy."""
    record = getattr(sys.modules.get("numpy"), "void", None)
    return record is not None and issubclass(cls, record)


def converted_record(record: Any, convert: Any) -> Any:
    """Return the item of what `convert` makes of an array with `record`, an item with fields."""
    return convert(sys.modules["numpy"].array(record))[()]


def read_only_record(record: Any, freeze: Any) -> Any:
    """Return `record` itself where nothing can change it, else an item of a frozen array."""
    if record.dtype.names is None or type(record.base) is _frozen_kind():
        return record
    return converted_record(record, freeze)


def objects_in(array: Any) -> list[Any]:
    """Return the objects that an array refers to, those in its fields included."""
    return [field[index] for field, index in _places(array)]


def with_objects(array: Any, items: list[Any]) -> Any:
    """Return a copy of an array that refers to `items` in place of its objects."""
    copied = array.copy()
    for (field, index), item in zip(_places(copied), items, strict=True):
        field[index] = item
    return copied


def _places(array: Any) -> list[tuple[Any, tuple[int, ...]]]:
    """Return where an array has its objects: arrays that share its memory, and indexes."""
    places: list[tuple[Any, tuple[int, ...]]] = []
    pending = [array.view(sys.modules["numpy"].ndarray)]
    while pending:
        found = pending.pop()
        if found.dtype.names is not None:
            pending += [found[name] for name in found.dtype.names]
        elif found.dtype.hasobject and found.dtype.kind == "O":
            places += [(found, index) for index in sys.modules["numpy"].ndindex(found.shape)]
    return places


def read_only_array(array: Any, items: list[Any] | None = None) -> Any:
    """Return `array` itself where nothing can change it, else a read-only copy.

    The copy is a view of bytes: unlike one that owns its memory, it can neither be made writable
    again nor be resized.

    Args:
        array: An array of any class.
        items: What it shall refer to in place of its objects, where it has some.
    """
    kind: Any = _frozen_kind()
    if items:
        array = with_objects(array, items)
    is_ordinary = type(array) is kind._plain
    base = array.base
    while is_array_class(type(base)):
        base = base.base
    is_shared = array.dtype.base.names is not None and type(array) is not kind
    if isinstance(base, bytes) and not is_shared:
        return array.view(kind) if is_ordinary else array
    if not is_ordinary and type(array) is not kind:
        return _read_only_copy(array)
    if array.dtype.hasobject or not array.size:
        return _read_only_copy(array.view(kind._plain)).view(kind)
    order: Any = "F" if array.flags.fnc else "C"
    numpy: Any = sys.modules["numpy"]
    flat = numpy.frombuffer(array.tobytes(order), _own_type(array.dtype))
    return flat.reshape(array.shape, order=order).view(kind)


def _read_only_copy(array: Any) -> Any:
    own = _own_type(array.dtype)
    copied = array.copy() if own is array.dtype else array.astype(own)
    if hasattr(copied, "_mask"):
        ma: Any = sys.modules["numpy"].ma
        if copied._mask is ma.nomask and (copied.ndim or own.names is None):
            # Without a mask of its own, it would be given one by what hides an item.
            copied.mask = ma.getmaskarray(copied)
        copied._mask.setflags(write=False)
    copied.setflags(write=False)
    return copied
