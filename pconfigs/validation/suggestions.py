"""Advice: what somebody whose value does not fit probably meant.

Short texts that stand under the offending line of source; nothing is ever converted.
"""

from __future__ import annotations

import sys

from pconfigs.annotations.kinds import is_a, is_enum_class, kind_of
from pconfigs.errors.formatting import class_name, nearest, shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NUMBERS = (int, float, complex)


def code_of(value: Any) -> str:
    """A value as code, short; enum members by name."""
    if _is_member(value):
        return f"{class_name(kind_of(value))}.{value.name}"
    return shorten(value)


def meant(code: str) -> str:
    """The question whether `code` was meant."""
    return f"did you mean {code}?" if code else ""


def redefined(cls: type, made: type) -> str:
    """Return advice if `made` is an earlier definition of `cls`: a cell run again, a reload."""
    if made is cls or (made.__module__, made.__qualname__) != (cls.__module__, cls.__qualname__):
        return ""
    return (
        f"the class {class_name(cls)} has been defined again since: run again the code that"
        " makes this config, and the classes that mention it"
    )


def for_class(cls: type, value: Any) -> str:
    """Advice for a value that is no instance of `cls`."""
    again = redefined(cls, kind_of(value))
    if again:
        return again
    if isinstance(value, type):
        if issubclass(value, cls):
            return meant(f"{class_name(value)}()")
        return "an instance is expected, not a class"
    description: str | None = getattr(cls, "__pconfig_words__", None)
    if value is None and description is not None:
        return meant(description)
    if value is None:
        return "to allow None, declare it as Optional" if cls is not type(None) else ""
    if is_enum_class(cls):
        return _for_enum(cls, value)
    if cls is bool:
        return meant(_bool_of(value))
    if cls in _NUMBERS:
        return _for_number(cls, value)
    if cls is str:
        return meant(_text_of(value))
    if cls is bytes and isinstance(value, str):
        return meant(shorten(value.encode()))
    if isinstance(value, str) and cls.__module__.startswith("pathlib"):
        return meant(f"{cls.__name__}({shorten(value)})")
    if is_a(value, dict) and hasattr(cls, "__pconfig_schema__"):
        return meant(f"{class_name(cls)}(**{{...}})")
    return ""


def _for_enum(cls: Any, value: Any) -> str:
    names = list(cls.__members__)
    for name, member in cls.__members__.items():
        if member.value == value and type(member.value) is type(value):
            return meant(f"{class_name(cls)}.{name}")
    if isinstance(value, str):
        name = nearest(value.rpartition(".")[2], names)
        if name is None:
            must_inspect = {str(member.value): known for known, member in cls.__members__.items()}
            found = nearest(value, must_inspect)
            name = must_inspect[found] if found is not None else None
        if name is not None:
            return meant(f"{class_name(cls)}.{name}")
    shown = [f"{class_name(cls)}.{name}" for name in names[:8]]
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return f"its members are {', '.join(shown)}{more}"


def _for_number(cls: Any, value: Any) -> str:
    if isinstance(value, str):
        number = value.strip().replace("_", "")
        try:
            cls(number)
        except ValueError:
            return ""
        return meant(value.strip())
    if isinstance(value, bool):
        return meant(repr(cls(value)))
    if cls is int and is_a(value, float) and value == value and abs(value) < 1e16:
        whole = value == int(value)
        return meant(repr(int(value)) if whole else f"round({value!r})")
    if _is_numpy_scalar(value):
        return f"make it a Python number: {cls.__name__}(...)"
    if is_a(value, (list, tuple)) and len(value) == 1 and kind_of(value[0]) is cls:
        return meant(repr(value[0]))
    return ""


def _bool_of(value: Any) -> str:
    if isinstance(value, str):
        return {"true": "True", "yes": "True", "false": "False", "no": "False"}.get(
            value.lower(), ""
        )
    if type(value) in (int, float) and value in (0, 1):
        return repr(bool(value))
    return "bool(...)" if _is_numpy_scalar(value) else ""


def _text_of(value: Any) -> str:
    if isinstance(value, bytes):
        return f"{shorten(value)}.decode()"
    if type(value) in (int, float, bool):
        return repr(repr(value))
    if hasattr(kind_of(value), "__fspath__"):
        return f"str({shorten(value)})"
    if _is_member(value) and isinstance(value.value, str):
        return f"{code_of(value)}.value"
    return ""


def for_type(bases: tuple[type, ...] | None, value: Any) -> str:
    """Advice for a value that is not a class below one of `bases`."""
    if isinstance(value, type) or value is None:
        return ""
    if bases is None or isinstance(value, bases):
        return meant(class_name(kind_of(value)))
    if isinstance(value, str) and bases:
        found = nearest(value, [base.__name__ for base in bases])
        return meant(found) if found else "give the class itself, not its name"
    return "give a class, not an instance"


def for_callable(value: Any) -> str:
    """Advice for a value that cannot be called."""
    return "give the function itself, not its name" if isinstance(value, str) else ""


def for_literal(values: tuple[Any, ...], value: Any) -> str:
    """Advice for a value that is none of `values`."""
    texts = {known: known for known in values if isinstance(known, str)}
    if isinstance(value, str):
        found = nearest(value, texts)
        if found is not None:
            return meant(repr(found))
        by_code = {str(known): known for known in values if not isinstance(known, str)}
        return meant(code_of(by_code[value])) if value in by_code else ""
    for known in values:
        if known == value or str(known) == str(value):
            return meant(code_of(known))
    if _is_member(value) and value.value in values:
        return meant(code_of(value.value))
    return ""


_BRACKETS = {"list": "[]", "tuple": "()", "set": "{}", "frozenset": "{}", "dict": "{}"}


def for_container(kind: type, value: Any, takes_text: bool) -> str:
    """Advice for a value that is no `kind`, one of list, tuple, set, frozenset and dict."""
    name = kind.__name__
    if isinstance(value, type):
        return "an instance is expected, not a class"
    if value is None:
        return "to allow None, declare it as Optional"
    if name not in _BRACKETS:
        return ""
    if kind is dict:
        return f"make it a dict: dict({shorten(value, 40)})" if _is_pairs(value) else ""
    if isinstance(value, (str, bytes)):
        return meant(_written(kind, [value])) if takes_text and isinstance(value, str) else ""
    if is_a(value, (list, tuple, set, frozenset)):
        return meant(_written(kind, list(value)))
    if hasattr(value, "__iter__") and not hasattr(kind_of(value), "__pconfig_schema__"):
        return f"make it a {name}: {name}(...)"
    return ""


def _written(kind: type, items: list[Any]) -> str:
    inside = ", ".join(map(code_of, items))
    if not items and kind in (set, frozenset):
        return f"{kind.__name__}()"
    if len(inside) > 50:
        return f"{kind.__name__}(...)"
    if kind is tuple:
        return f"({inside},)" if len(items) == 1 else f"({inside})"
    if kind is list:
        return f"[{inside}]"
    return f"frozenset({{{inside}}})" if kind is frozenset else f"{{{inside}}}"


def _is_pairs(value: Any) -> bool:
    if not is_a(value, (list, tuple)):
        return False
    return all(is_a(item, tuple) and len(item) == 2 for item in value)


def _is_member(value: Any) -> bool:
    return is_enum_class(kind_of(value))


def _is_numpy_scalar(value: Any) -> bool:
    generic = getattr(sys.modules.get("numpy"), "generic", None)
    return generic is not None and isinstance(value, generic)


def for_named_tuple(cls: type, value: Any) -> str:
    """Advice for a value that is no instance of the NamedTuple `cls`."""
    if is_a(value, (list, tuple)):
        return meant(f"{class_name(cls)}({', '.join(map(code_of, value))})")
    return for_class(cls, value)
