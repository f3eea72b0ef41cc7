"""Helpers of converters: keys of mappings, strings, names of classes and functions."""

from __future__ import annotations

from pconfigs.imports import dotted_name
from pconfigs.serialization.conversion.plain_forms import PlainForms
from pconfigs.serialization.conversion.scalar_codecs import enum_text, is_enum
from pconfigs.tree.paths import ROOT, Item, Path

TYPE_CHECKING = False  # every recorded run imports this
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

ESCAPE = 'write keys of a dict that begin with $ as {"$dict": [["$key", value], ...]}'


def plain_string(node: Any) -> Any:
    """Return a scalar of YAML without its quotes as an ordinary string; others as they are."""
    return str.__str__(node) if isinstance(node, str) else node


def plain_keys(value: Any, forms: PlainForms) -> list[str] | None:
    """Return the keys of a dict as strings, or None where strings do not tell them apart."""
    if forms.any or str in forms.scalars:
        if any(type(key) is not str or key[:1] == "$" for key in value):
            return None
        return list(value)
    if forms.scalars == {int} and not forms.texts:
        return [str(key) for key in value] if all(type(key) is int for key in value) else None
    if not forms.scalars and isinstance(forms.text_type, type):
        if not all(type(key) is forms.text_type and is_enum(type(key)) for key in value):
            return None
        keys = [enum_text(key) for key in value]
        return keys if len(set(keys)) == len(keys) and not any(map(is_word, keys)) else None
    return None


def is_dataclass_type(cls: Any) -> bool:
    """Return whether a class is a dataclass and not a config class."""
    return hasattr(cls, "__dataclass_fields__") and not hasattr(cls, "__pconfig_schema__")


def dataclass_fields(cls: Any) -> list[str]:
    """Return the names of the fields of a dataclass, which keeps ClassVars and InitVars, too."""
    fields = cls.__dataclass_fields__
    return [name for name, field in fields.items() if field._field_type.name == "_FIELD"]


def is_named_tuple(cls: Any) -> bool:
    """Return whether a class is a NamedTuple."""
    return isinstance(cls, type) and issubclass(cls, tuple) and hasattr(cls, "_fields")


def path_text(steps: Iterable[Any]) -> str:
    """Return the path of field names, indices and `Item`s; None is the whole."""
    path = ROOT
    for step in steps:
        if step is not None:
            path = Path(path, step if isinstance(step, (str, Item)) else Item(step))
    return str(path)


def is_word(key: Any) -> bool:
    """Return whether a key begins with `$`."""
    return isinstance(key, str) and key[:1] == "$"


def set_order(item: Any) -> Any:
    """Return what plain items of a set are sorted by."""
    if isinstance(item, (int, float)):
        return (0, item, "")
    from json import dumps

    if isinstance(item, str):
        return (1, 0, item)
    try:
        return (1, 0, dumps(item, sort_keys=True))
    except ValueError:  # a number with more digits than Python writes
        return (1, 0, dumps(_with_hex(item), sort_keys=True))


def _with_hex(item: Any) -> Any:
    """Return plain data with its integers as hexadecimal strings."""
    if isinstance(item, dict):
        return {key: _with_hex(value) for key, value in item.items()}
    if isinstance(item, list):
        return [*map(_with_hex, item)]
    return hex(item) if type(item) is int else item


def importable_name(value: Any) -> str:
    """Return the dotted name of a class or function.

    Raises:
        ValueError: It has none by which it can be found again.
    """
    name = getattr(value, "__qualname__", "")
    if "<lambda>" in name:
        raise ValueError("a lambda has no name to find it by")
    if "<locals>" in name:
        raise ValueError("it is local to a function, and cannot be found again")
    found = dotted_name(value)
    if found is None:
        raise ValueError("no module has it under its own name")
    return found
