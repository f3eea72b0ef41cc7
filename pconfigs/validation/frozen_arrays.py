"""Read-only arrays of numpy: neither their items, nor their shape and type of items change.

They are arrays to `isinstance` and to all functions, go by the name of the class of numpy, and what
is computed from them, copied or pickled is an ordinary array.
"""

from __future__ import annotations

import sys
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
        "__setstate__": _set_state,
    }
    # Of a read-only subclass, numpy 1 makes what a mask selects read-only, although it is a copy.
    selecting = ["__getitem__"] if numpy.__version__.startswith("1.") else []
    for name in (*_COPYING, *selecting):
        body[name] = _of_ordinary(plain, name)
    # numpy 2.5 sets the real part of a read-only array without axes.
    for name in ("dtype", "imag", "real", "shape", "strides"):
        body[name] = _kept_attribute(vars(plain)[name], name)
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


def _kept_attribute(attribute: Any, name: str) -> property:
    """Return a property in the place of an attribute, which copies alone can set."""

    def change(self: Any, value: Any) -> None:
        _refuse_read_only(self, name)
        attribute.__set__(self, value)

    return property(attribute.__get__, change)


def _set_state(self: Any, state: Any) -> None:
    _refuse_read_only(self, "__setstate__")
    self._plain.__setstate__(self, state)


def _refuse_read_only(array: Any, name: str) -> None:
    if not array.flags.writeable:
        raise FrozenContainerError("array", name, _VARIANT)


def read_only_array(array: Any) -> Any:
    """Return `array` itself where nothing can change it, else a read-only copy.

    The copy is a view of bytes: unlike one that owns its memory, it can neither be made writable
    again nor be resized.
    """
    kind: Any = _frozen_kind()
    is_ordinary = type(array) is kind._plain
    base = array.base
    while is_array_class(type(base)):
        base = base.base
    if isinstance(base, bytes):
        return array.view(kind) if is_ordinary else array
    if not is_ordinary and type(array) is not kind:
        return _read_only_copy(array)
    if array.dtype.hasobject or not array.size:
        return _read_only_copy(array.view(kind._plain)).view(kind)
    order: Any = "F" if array.flags.fnc else "C"
    numpy: Any = sys.modules["numpy"]
    flat = numpy.frombuffer(array.tobytes(order), array.dtype)
    return flat.reshape(array.shape, order=order).view(kind)


def _read_only_copy(array: Any) -> Any:
    copied = array.copy()
    copied.setflags(write=False)
    mask: Any = getattr(copied, "_mask", None)
    if is_array_class(type(mask)):
        mask.setflags(write=False)  # of a masked array
    return copied
