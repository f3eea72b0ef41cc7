"""Value types: classes from elsewhere whose values have a text, taught by `ptype`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    T = TypeVar("T")


class ValueType:
    """How values of a class are written as text and as code.

    Attributes:
        cls: The class.
        to_text: Returns the text of a value; equal values have equal texts.
        from_text: Returns the value of a text; a ValueError explains why there is none.
        to_code: Returns a Python expression that makes a value.
    """

    __slots__ = ("cls", "from_text", "to_code", "to_text")

    def __init__(
        self,
        cls: type,
        to_text: Callable[[Any], str],
        from_text: Callable[[str], Any],
        to_code: Callable[[Any], str],
    ) -> None:
        self.cls, self.to_text, self.from_text, self.to_code = cls, to_text, from_text, to_code

    @property
    def name(self) -> str:
        """The name by which saved data refers to the class."""
        return f"{self.cls.__module__}.{self.cls.__qualname__}"


VALUE_TYPES: dict[type, ValueType] = {}


def ptype(
    cls: type[T],
    /,
    *,
    to_text: Callable[[T], str],
    from_text: Callable[[str], T],
    to_code: Callable[[T], str] | None = None,
) -> None:
    """Teach the library a class from elsewhere: values print, save, load, fingerprint, override.

    `ptype(Money, to_text=str, from_text=Money.parse)`

    Args:
        cls: The class. Values of classes derived from it are values of it.
        to_text: Returns the text of a value. Equal values must have equal texts.
        from_text: Returns the value of a text, from a file or a command line. It must refuse
            others with a ValueError, and do nothing else.
        to_code: Returns a Python expression that makes a value, with names as they are imported:
            `torch.float32`. Without it, the class is called with the text.

    Raises:
        TypeError: `cls` is not a class, or is one that the library knows itself.
    """
    if not isinstance(cls, type):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"ptype must get a class, got {cls!r}")
    if hasattr(cls, "__pconfig_schema__") or cls.__module__ in ("builtins", "enum", "pathlib"):
        raise TypeError(f"ptype must get a class from elsewhere, got {cls.__qualname__}")
    name = f"{cls.__module__}.{cls.__qualname__}"
    made = to_code or (lambda value: f"{name}({to_text(value)!r})")
    for known in [known for known, one in VALUE_TYPES.items() if one.name == name]:
        del VALUE_TYPES[known]  # the module was loaded again
    VALUE_TYPES[cls] = ValueType(cls, to_text, from_text, made)


def value_type_of(cls: type) -> ValueType | None:
    """Return how values of a class are written, if `ptype` has taught it."""
    if not VALUE_TYPES:
        return None
    for ancestor in cls.__mro__:
        known = VALUE_TYPES.get(ancestor)
        if known is not None:
            return known
    return None
