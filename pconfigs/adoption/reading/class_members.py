"""Members of classes besides fields, constraints of fields, and other names of their keys."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Iterable, Iterator
from typing import Any

from pconfigs.annotations.pep649 import written


def members(cls: Any) -> Iterator[tuple[str, str]]:
    """Yield the names of members of a class other than its fields, with what to do about each."""
    if dataclasses.is_dataclass(cls):
        yield from _odd_fields(cls)
    for name in getattr(cls, "__private_attributes__", ()):
        yield name, "keep it in the class that the config constructs"
    fields = {*getattr(cls, "__dataclass_fields__", ()), *getattr(cls, "model_fields", ())}
    for name, value in vars(cls).items():
        words = "" if name in fields else _words(cls, name, value)
        if words:
            yield name, words
    if getattr(cls, "__parameters__", ()):
        yield "", "is generic: its parameters become Any"
    if getattr(cls, "model_config", {}).get("extra") == "allow":
        yield "", "allows other keys: declare them, or hold them in a dict"


def _odd_fields(cls: Any) -> Iterator[tuple[str, str]]:
    """Yield the names that a dataclass annotates without a parameter or a value."""
    own = written(cls)
    for name, one in cls.__dataclass_fields__.items():
        if name not in own:
            continue
        kind = getattr(one, "_field_type", None)
        if kind is getattr(dataclasses, "_FIELD_CLASSVAR", None):
            yield name, "copy the class variable"
        elif kind is getattr(dataclasses, "_FIELD_INITVAR", None):
            yield name, "is an argument that is not kept: declare a field for it"
        elif not one.init:
            yield name, "write it as @pproperty"


def _words(cls: Any, name: str, value: Any) -> str:
    """Return what to do about a member, or nothing."""
    if name == "__post_init__":
        return "write its checks as @pcheck, and what it computes as @pproperty"
    if name.startswith("__"):
        return ""
    if isinstance(value, (property, functools.cached_property)):
        return "write it as @pproperty"
    if type(value).__name__ == "PydanticDescriptorProxy" or _is_validator(cls, name):
        return "write it as @pcheck"
    if inspect.isfunction(value) or isinstance(value, (classmethod, staticmethod)):
        is_made = getattr(value, "__module__", "").partition(".")[0] == "pydantic"
        return "" if is_made else "copy the method"
    return ""


def _is_validator(cls: Any, name: str) -> bool:
    decorators = getattr(cls, "__pydantic_decorators__", None)
    kinds = ("validators", "field_validators", "root_validators", "model_validators")
    return any(name in getattr(decorators, kind, {}) for kind in kinds)


def constraints(metadata: Iterable[Any]) -> tuple[list[str], list[str]]:
    """Return calls that make constraints of annotated-types, and what else metadata holds."""
    known: list[str] = []
    others: list[str] = []
    for one in metadata:
        if type(one).__module__.partition(".")[0] == "annotated_types":
            parts = list(one) if hasattr(one, "__iter__") else [one]
            known += [repr(part) for part in parts if _has_code(part)]
            others += [repr(part) for part in parts if not _has_code(part)]
        elif type(one).__module__.partition(".")[0] == "pydantic":
            _add_of_pydantic(one, known, others)
        elif one is not None and not isinstance(one, str):
            others.append(repr(one))
    return known, others


def _has_code(constraint: Any) -> bool:
    return all(isinstance(one, (int, float, type(None))) for one in _held(constraint).values())


def _held(one: Any) -> dict[str, Any]:
    """Return the attributes of an object, also those in slots."""
    slots = {name: getattr(one, name, None) for name in getattr(type(one), "__slots__", ())}
    return {**slots, **getattr(one, "__dict__", {})}


def _add_of_pydantic(one: Any, known: list[str], others: list[str]) -> None:
    """Add the constraints that an object of pydantic gathers."""
    held = {name: value for name, value in _held(one).items() if value not in (None, False)}
    if "func" in held:
        others.append(type(one).__name__)
        return
    import_of = {"min_length": "MinLen", "max_length": "MaxLen"}
    for name, value in held.items():
        made = import_of.get(name)
        if made is not None and type(value) is int:
            known.append(f"{made}({value})")
        else:
            others.append(f"{name}={value!r}")


def names_of_keys(cls: Any) -> dict[str, str]:
    """Return the names by which files know fields of a model, besides their own."""
    fields: dict[str, Any] = getattr(cls, "model_fields", {})
    found: dict[str, str] = {}
    for name, one in fields.items():
        for alias in (one.validation_alias, one.alias):
            for key in getattr(alias, "choices", [alias]):
                if isinstance(key, str) and key not in fields:
                    found.setdefault(key, name)
    return found
