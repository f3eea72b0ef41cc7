"""Suggestions: the value that was probably meant by one that does not fit.

A suggestion is shown as "did you mean CODE?" only if its value fits; nothing is ever converted.
"""

from __future__ import annotations

import sys

from pconfigs.annotations.kinds import is_enum_class
from pconfigs.errors.formatting import class_name, class_names, listed, nearest, shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NUMBERS = (int, float, complex)
_LONGEST = 60  # characters of code that a suggestion shows
_OPTIONAL = "to allow None, declare it as Optional"
_NO_CLASS = "an instance is expected, not a class"
_OURS = "it is of typing; write: from pconfigs import Required"


class Suggestion:
    """A value that was probably meant.

    Attributes:
        value: The value.
        code: The code that makes it.
        words: What to do, where the code is too long to be shown.
    """

    __slots__ = ("code", "value", "words")

    def __init__(self, value: Any, code: str = "", words: str = "") -> None:
        self.value, self.code, self.words = value, code or code_of(value), words

    def __str__(self) -> str:
        return self.words or f"did you mean {self.code}?"


def code_of(value: Any) -> str:
    """Return a value as short code; members of enums by name."""
    if _is_member(value):
        return f"{class_name(type(value))}.{value.name}"
    if isinstance(value, (list, tuple, set, frozenset)) and any(map(_is_member, value)):
        return _written(type(value), list(value))
    return shorten(value)


def _as_bytes(text: str) -> bytes:
    """Return what a word of the command line was before it became text, or the text in UTF-8."""
    try:
        return text.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        return text.encode(errors="surrogatepass")


def _suggest(value: Any) -> Suggestion | str:
    """Return the suggestion of a value whose code is all there and makes it; "" for others."""
    code = code_of(value)
    whole = len(code) < _LONGEST and "..." not in code and "<" not in code
    return Suggestion(value, code) if whole and "inf" not in code and "nan" not in code else ""


def redefined(cls: type, made: type) -> str:
    """Return advice if `made` has the name of `cls`: of another module, or an earlier definition.

    The latter is what a cell that runs again, or a reload, leaves.
    """
    if made is cls or made.__qualname__ != cls.__qualname__ or cls.__module__ == "builtins":
        return ""  # numpy.bool is never meant for another bool
    if made.__module__ != cls.__module__:
        return "it is of the class {1}, not of {0}".format(*class_names([cls, made]))
    return (
        f"the class {class_name(cls)} has been defined again since: run again the code that"
        " makes this config, and the classes that mention it"
    )


def for_class(cls: type, value: Any) -> Suggestion | str:
    """Return what to do about a value that is not an instance of `cls`."""
    again = redefined(cls, type(value))
    if again:
        return again
    if isinstance(value, type) and hasattr(value, "__penv_entries__"):
        return f"the environment is read by a field of this name: environment: {class_name(value)}"
    if isinstance(value, type):
        # To make one would run code of the class.
        known = issubclass(value, cls)
        return f"give an instance, not the class: {class_name(value)}(...)" if known else _NO_CLASS
    if value is None:
        return _instead_of_none(cls)
    if _is_form_of_typing(value):
        return _OURS
    if is_enum_class(cls):
        return _for_enum(cls, value)
    if cls is bool:
        return _for_bool(value)
    if cls in _NUMBERS:
        return _for_number(cls, value)
    if cls is str:
        return _for_text(value)
    if cls is bytes and isinstance(value, str):
        return _suggest(_as_bytes(value))
    kind: Any = cls
    if isinstance(value, str) and cls.__module__.startswith("pathlib"):
        return Suggestion(kind(value), f"{cls.__name__}({value!r})") if len(value) < 40 else ""
    if isinstance(value, dict) and hasattr(cls, "__pconfig_schema__"):
        return f"make it a config: {class_name(cls)}(**{{...}})"
    return getattr(cls, "__pconfig_advice__", "")


def _is_form_of_typing(value: Any) -> bool:
    """Return whether a value is the `Required` of typing, which has the name of ours."""
    return type(value).__name__ == "_SpecialForm" and value._name == "Required"


def _instead_of_none(cls: type) -> str:
    description: str | None = getattr(cls, "__pconfig_words__", None)
    if description is not None:
        return f"did you mean {description}?"
    return "" if cls is type(None) else _OPTIONAL


def _for_enum(cls: Any, value: Any) -> Suggestion | str:
    members = dict(cls.__members__)
    for member in members.values():
        if type(member.value) is type(value) and are_equal(member.value, value):
            return Suggestion(member)
    if isinstance(value, str):
        name = nearest(value.rpartition(".")[2], members)
        if name is None:
            by_value = {str(member.value): known for known, member in members.items()}
            close = nearest(value, by_value)
            name = by_value[close] if close is not None else None
        if name is not None:
            return Suggestion(members[name], f"{class_name(cls)}.{name}")
    return f"its members are {listed([f'{class_name(cls)}.{name}' for name in members], most=8)}"


def _for_number(cls: Any, value: Any) -> Suggestion | str:
    if isinstance(value, str):
        try:
            return _suggest(cls(value.strip())) if len(value) < _LONGEST else ""
        except ValueError:
            return ""
    if isinstance(value, bool):
        return Suggestion(cls(value))
    if cls is int and isinstance(value, float) and value == value and abs(value) < 1e16:
        return Suggestion(round(value), "" if value.is_integer() else f"round({value!r})")
    if _is_numpy_scalar(value):
        return f"make it a Python number: {cls.__name__}(...)"
    if isinstance(value, (list, tuple)) and len(value) == 1 and type(value[0]) is cls:
        return _suggest(value[0])
    return ""


def _for_bool(value: Any) -> Suggestion | str:
    if isinstance(value, str):
        known = {"true": True, "yes": True, "false": False, "no": False}.get(value.lower())
        return "" if known is None else Suggestion(known)
    if type(value) in (int, float) and value in (0, 1):
        return Suggestion(bool(value))
    return "make it a Python bool: bool(...)" if _is_numpy_scalar(value) else ""


def _for_text(value: Any) -> Suggestion | str:
    if isinstance(value, bytes):
        try:
            return Suggestion(value.decode(), f"{value!r}.decode()") if len(value) < 40 else ""
        except UnicodeDecodeError:
            return ""
    if type(value) in (int, float, bool):
        return _suggest(shorten(value))
    if hasattr(type(value), "__fspath__"):
        return _suggest(str(value))
    if _is_member(value) and isinstance(value.value, str):
        return Suggestion(value.value, f"{code_of(value)}.value")
    return ""


def for_type(bases: tuple[type, ...] | None, value: Any) -> Suggestion | str:
    """Return what to do about a value that is not a class below one of `bases`."""
    if isinstance(value, type) or value is None:
        return ""
    if bases is None:
        return "give the class itself, not its name" if isinstance(value, str) else _give_a_class
    if isinstance(value, bases):
        return Suggestion(type(value), class_name(type(value)))
    if isinstance(value, str) and bases:
        by_name = {base.__name__: base for base in bases}
        close = nearest(value, by_name)
        if close is not None:
            return Suggestion(by_name[close], class_name(by_name[close]))
        return "give the class itself, not its name"
    return _give_a_class


_give_a_class = "give a class, not an instance"


def for_callable(value: Any) -> str:
    """Return what to do about a value that cannot be called."""
    return "give the function itself, not its name" if isinstance(value, str) else ""


def for_literal(values: tuple[Any, ...], value: Any) -> Suggestion | str:
    """Return what to do about a value that is not one of `values`."""
    if isinstance(value, str):
        texts = {known: known for known in values if isinstance(known, str)}
        close = nearest(value, texts)
        if close is not None:
            return Suggestion(close)
        by_code = {str(known): known for known in values if not isinstance(known, str)}
        return Suggestion(by_code[value]) if value in by_code else ""
    for known in values:
        if are_equal(known, value) or str(known) == shorten(value):
            return Suggestion(known)
    if _is_member(value) and any(are_equal(known, value.value) for known in values):
        return Suggestion(value.value)
    return ""


def are_equal(one: Any, other: Any) -> bool:
    """Return whether `==` holds; False where it has no truth value, as that of an array."""
    try:
        return bool(one == other)
    except Exception:
        return False


_CONTAINERS = (list, tuple, set, frozenset, dict)


def for_container(kind: type, value: Any, takes_text: bool) -> Suggestion | str:
    """Return what to do about a value that is not a `kind`.

    Args:
        kind: The class of the container.
        value: The value.
        takes_text: Whether a string may be an item of it.
    """
    if isinstance(value, type):
        return _NO_CLASS
    if value is None:
        return _OPTIONAL
    if _is_form_of_typing(value):
        return _OURS
    if kind not in _CONTAINERS:
        return ""
    if hasattr(value, "__next__") and kind is not dict:
        # To look at its items would use it up.
        return f"make it a {kind.__name__}: {kind.__name__}(...)"
    made = _converted(kind, value, takes_text)
    if made is None:
        return ""
    code = _written(kind, [*made.items()] if kind is dict else [*made])
    if kind is dict:
        code = shorten(made)
    if len(code) < _LONGEST and "..." not in code and "<" not in code:
        return Suggestion(made, code)
    return Suggestion(made, words=f"make it a {kind.__name__}: {kind.__name__}(...)")


def _converted(kind: Any, value: Any, takes_text: bool) -> Any:
    """Return a value as a container of a kind; None where that is not what was meant."""
    if isinstance(value, (str, bytes)):
        return kind([value]) if takes_text and isinstance(value, str) and kind is not dict else None
    if kind is dict and not _is_pairs(value):
        return None
    if kind is not dict and hasattr(type(value), "keys"):
        return None  # its values would be lost
    if hasattr(type(value), "__pconfig_schema__") or not hasattr(value, "__iter__"):
        return None
    try:
        return kind(value)
    except Exception:
        return None


def _written(kind: type, items: list[Any]) -> str:
    if len(items) > _LONGEST:
        return f"{kind.__name__}(...)"
    inside = ", ".join(map(code_of, items))
    if not items and kind in (set, frozenset):
        return f"{kind.__name__}()"
    if kind is tuple:
        return f"({inside},)" if len(items) == 1 else f"({inside})"
    if issubclass(kind, list):
        return f"[{inside}]"
    return f"frozenset({{{inside}}})" if kind is frozenset else f"{{{inside}}}"


def _is_pairs(value: Any) -> bool:
    if not isinstance(value, (list, tuple)):
        return False
    return all(isinstance(item, tuple) and len(item) == 2 for item in value)


def _is_member(value: Any) -> bool:
    return is_enum_class(type(value))


def _is_numpy_scalar(value: Any) -> bool:
    generic = getattr(sys.modules.get("numpy"), "generic", None)
    return generic is not None and isinstance(value, generic)


def for_named_tuple(cls: Any, value: Any) -> Suggestion | str:
    """Return what to do about a value that is not an instance of the NamedTuple `cls`."""
    if isinstance(value, (list, tuple)) and len(value) == len(cls._fields):
        return Suggestion(cls(*value), f"{class_name(cls)}({', '.join(map(code_of, value))})")
    return for_class(cls, value)
