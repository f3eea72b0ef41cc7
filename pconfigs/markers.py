"""Markers: objects in the place of a value or a type.

`Required`, `Pinned` and `Omitted` represent a value that is not there (yet); subscripted, all
markers describe a field: `Pinned[int]`, `NoEffect[Path]`, `Secret[str]`.
"""

from __future__ import annotations

from pconfigs import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any, NoReturn

GenericAlias: Any = type(list[int])


class Marked:
    """The result of `Pinned[int]`: a marker and the type it is put on.

    It is callable only because `typing.Optional[...]` and `typing.Annotated[...]` ask for that.
    """

    __slots__ = ("argument", "marker")

    def __init__(self, marker: Marker, argument: Any) -> None:
        self.marker = marker
        self.argument = argument

    def __repr__(self) -> str:
        argument = self.argument
        # list[int] has a __qualname__ as well, that of list.
        plain = type(argument) is not GenericAlias and hasattr(argument, "__qualname__")
        words: str = argument.__qualname__ if plain else repr(argument)
        return f"{self.marker.__name__}[{words}]"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Marked):
            return NotImplemented
        return self.marker is other.marker and bool(self.argument == other.argument)

    def __hash__(self) -> int:
        return hash((self.marker, self.argument))

    def __or__(self, other: Any) -> Any:
        from typing import Union

        return Union[self, other]

    def __ror__(self, other: Any) -> Any:
        from typing import Union

        return Union[other, self]

    def __call__(self, *args: object, **kwargs: object) -> NoReturn:
        raise TypeError(f"{self!r} is a type hint; it makes no values")


class Marker:
    """A word with identity: the same object after pickling and copying, equal only to itself."""

    __slots__ = ("__name__", "__weakref__")

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __getitem__(self, argument: Any) -> Marked:
        return Marked(self, argument)

    def __repr__(self) -> str:
        return f"[{self.__name__}]"

    def __reduce__(self) -> str:
        return self.__name__

    def __copy__(self) -> Marker:
        return self

    def __deepcopy__(self, memo: object) -> Marker:
        return self

    def __or__(self, other: Any) -> Any:
        from typing import Union

        return Union[self, other]

    def __ror__(self, other: Any) -> Any:
        from typing import Union

        return Union[other, self]

    def __call__(self, *args: object, **kwargs: object) -> NoReturn:
        raise TypeError(f"{self.__name__} is a marker; it is not called")


def _refuse(operation: str) -> Any:
    def refused(self: ValueMarker, *args: object) -> NoReturn:
        raise errors.DeferredError(self.__name__, operation)

    return refused


class _Watch:
    """Find out whether code of a property works with a marker; set by build/evaluation.py."""

    __slots__ = ("is_in_property",)

    is_in_property: Callable[[ValueMarker], bool] | None

    def __init__(self) -> None:
        self.is_in_property = None


watch = _Watch()


class ValueMarker(Marker):
    """A marker in the place of a later value; using it as a value is refused.

    What other values always answer, an `==`, a hash or an `isinstance`, it answers too, unless a
    property asks: that has read a value which is not known yet, and waits.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if self is other or type(other) is ValueMarker:
            return self is other
        _refuse_in_property(self, "==")
        return False

    def __hash__(self) -> int:
        _refuse_in_property(self, "hash")
        return id(self)

    @property  # type: ignore[misc]
    def __class__(self) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        _refuse_in_property(self, "isinstance")
        return type(self)


def _refuse_in_property(marker: ValueMarker, operation: str) -> None:
    if marker is Omitted:
        return  # nothing is awaited: a property may ask whether a part was left out
    if watch.is_in_property is not None and watch.is_in_property(marker):
        raise errors.DeferredError(marker.__name__, operation)


_OPERATIONS = (
    "bool len iter contains next reversed int float complex index round trunc floor ceil abs"
    " neg pos invert "
    "add sub mul truediv floordiv mod divmod pow matmul lshift rshift and xor lt le gt ge "
    "radd rsub rmul rtruediv rfloordiv rmod rdivmod rpow rmatmul rlshift rrshift rand rxor "
    "iadd isub imul itruediv ifloordiv imod ipow imatmul ilshift irshift iand ixor "
    "setitem delitem enter exit format fspath bytes"
)
for _operation in _OPERATIONS.split():
    setattr(ValueMarker, f"__{_operation}__", _refuse(_operation))


def _refuse_attribute(self: ValueMarker, name: str) -> NoReturn:
    if name.startswith("_"):
        # Protocols such as copy, pickle, numpy or inspect ask for optional names; "no" is their
        # answer.
        raise AttributeError(name)
    raise errors.DeferredError(self.__name__, f"reading .{name}")


def _refuse_assignment(self: ValueMarker, name: str, value: object) -> NoReturn:
    raise errors.FrozenError(f"{self.__name__} is a marker: its attributes cannot be set")


Pinned = ValueMarker("Pinned")
"""As a hint, `Pinned[T]`: a field that users cannot set. As a value: computed by the field's
property, or else taken from the default's `Pin(...)`."""
Required = ValueMarker("Required")
"""As a value: must be given before the config can be used."""
Omitted = ValueMarker("Omitted")
"""As a hint, `Omitted[T]`: this parameter of an outside function or class may be left out of the
config. As a value: it is left out, and may be given at the call."""
Kwarg = Marker("Kwarg")
"""`Kwarg[T]`: this field is passed on through the `**kwargs` of what is called."""
Built = Marker("Built")
"""`Built[T]`: what the config constructs is passed to what is called, and not the config."""
NotMock = Marker("NotMock")
"""`NotMock[T]`: this field is kept to the config, never passed on."""
Secret = Marker("Secret")
"""`Secret[str]`: a value that is never printed, recorded, pickled or quoted in errors."""
NoEffect = Marker("NoEffect")
"""`NoEffect[T]`: this field does not affect results; the fingerprint leaves it out."""
Block = Marker("Block")
"""`Block[str]`: a text of many lines, printed as such where that is exact."""

ValueMarker.__getattr__ = _refuse_attribute  # type: ignore[attr-defined]
Marker.__setattr__ = _refuse_assignment  # type: ignore[method-assign, assignment]


def is_deferred(value: object) -> bool:
    """Return whether `value` is a placeholder: `Required` or `Pinned`."""
    return value is Required or value is Pinned


def names_marker(frame: FrameType, marker: ValueMarker | None = None) -> bool:
    """Return whether the code of a frame names a marker, or either of those for open values."""
    markers = (Required, Pinned) if marker is None else (marker,)
    known, names = frame.f_globals, frame.f_code.co_names
    return any(name == one.__name__ or known.get(name) is one for one in markers for name in names)


class Pin:
    """A value for a pinned field, given by module code: `Pin(8)`. Experiments do not pin."""

    __slots__ = ("value",)

    value: Any

    def __init__(self, value: Any) -> None:
        object.__setattr__(self, "value", value)

    def __class_getitem__(cls, argument: Any) -> Any:
        return GenericAlias(cls, (argument,))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise errors.FrozenError("A Pin never changes; make another: Pin(...)")

    def __repr__(self) -> str:
        return f"Pin({self.value!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Pin):
            return NotImplemented
        return bool(self.value == other.value)

    def __hash__(self) -> int:
        return hash((Pin, self.value))

    def __reduce__(self) -> tuple[type[Pin], tuple[Any]]:
        return (Pin, (self.value,))
