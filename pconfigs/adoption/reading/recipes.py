"""Recipes: functions of a module that return dataclasses or models, and the classes in these.

`def llama3_8b() -> Trainer.Config` makes one config; it is called, as importing the module runs it.
"""

from __future__ import annotations

import dataclasses
import inspect
import types
import typing
from collections.abc import Iterable, Iterator
from typing import Any

from pconfigs.annotations.pep649 import written


def is_model(value: Any) -> bool:
    """Return whether a value is a dataclass or a pydantic model, and no config class yet."""
    try:
        if not issubclass(type(value), type) or hasattr(value, "__pconfig_schema__"):
            return False
        return dataclasses.is_dataclass(value) or (
            hasattr(value, "model_fields") and hasattr(value, "model_validate")
        )
    except Exception:  # proxies and metaclasses answer with code of their own
        return False


def has_models(module: types.ModuleType) -> bool:
    """Return whether a module defines dataclasses or models, or recipes of some."""
    return any(own_models(module)) or any(recipes(module))


def own_models(module: types.ModuleType) -> Iterator[type]:
    """Yield the dataclasses and models of a module, those inside of other classes included."""
    yield from _models_in(vars(module), module.__name__)


def _models_in(names: typing.Mapping[str, Any], module: str) -> Iterator[type]:
    for value in list(names.values()):
        if issubclass(type(value), type) and value.__module__ == module:
            if is_model(value):
                yield value
            inner = {
                name: one
                for name, one in vars(value).items()
                if isinstance(one, type) and one.__qualname__ == f"{value.__qualname__}.{name}"
            }
            yield from _models_in(inner, module)


def recipes(module: types.ModuleType) -> Iterator[tuple[str, Any]]:
    """Yield the functions of a module that return a dataclass or model and need no argument."""
    for name, value in list(vars(module).items()):
        # Asked of its type: a proxy answers what it is with code of its own.
        if type(value) is not types.FunctionType or value.__module__ != module.__name__:
            continue
        if name.startswith("_") or not is_model(_returned(value)):
            continue
        parameters = inspect.signature(value).parameters.values()
        if all(one.default is not one.empty or one.kind in _MANY for one in parameters):
            yield name, value


NOTHING = object()
"""The default of a field that has none."""
_MANY = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def _returned(function: Any) -> Any:
    """Return the class that a function is annotated to return, or None."""
    try:
        return typing.get_type_hints(function).get("return")
    except Exception:  # evaluating one runs code of the module
        return None


@dataclasses.dataclass(slots=True)
class Reached:
    """Classes and values that the configs of recipes consist of.

    Attributes:
        classes: Of all dataclasses and models in it, bases first.
        held: The values that fields of these hold.
    """

    classes: dict[type, None] = dataclasses.field(default_factory=dict)
    held: dict[tuple[type, str], list[Any]] = dataclasses.field(default_factory=dict)


def models_reached(values: Iterable[Any]) -> Reached:
    """Return the classes of all dataclasses and models in some values, and what these hold."""
    found = Reached()
    seen: dict[int, Any] = {}
    pending = list(values)
    while pending:
        value = pending.pop()
        if id(value) in seen:
            continue
        # Kept, so that its id is not that of another one later.
        seen[id(value)] = value
        if isinstance(value, dict):
            pending += value.values()
        elif isinstance(value, (list, tuple, set, frozenset)):
            pending += value
        elif is_model(type(value)):
            for cls in filter(is_model, reversed(type(value).__mro__)):
                if cls not in found.classes:
                    found.classes[cls] = None
                    pending += [default for _, _, default, _, _ in fields_of(cls)]
            for name in field_names(type(value)):
                inner = getattr(value, name)
                pending.append(inner)
                for owner in filter(is_model, type(value).__mro__):
                    found.held.setdefault((owner, name), []).append(inner)
    return found


def field_names(cls: Any) -> list[str]:
    """Return the names of the fields that a dataclass or model is made of."""
    if dataclasses.is_dataclass(cls):
        return [one.name for one in dataclasses.fields(cls) if one.init]
    return list(cls.model_fields)


def hints_of(cls: type) -> dict[str, Any]:
    """Return the annotations of a dataclass; `Any` where one cannot be evaluated."""
    try:
        return typing.get_type_hints(cls, include_extras=True)
    except Exception:  # evaluating one runs code of the module
        return {one.name: _hint(cls, one) for one in dataclasses.fields(cls)}


def _hint(cls: type, field: dataclasses.Field[Any]) -> Any:
    """Return the annotation of one field of a class, which an ancestor may have."""
    for owner in cls.__mro__:
        if field.name in written(owner):
            holder = type("_Holder", (), {"__annotations__": {"field": field.type}})
            holder.__module__ = owner.__module__
            names = dict(vars(owner))
            try:
                return typing.get_type_hints(holder, None, names, include_extras=True)["field"]
            except Exception:  # evaluating one runs code of the module
                return Any
    return Any


def fields_of(cls: type) -> Iterator[tuple[str, Any, Any, str, list[Any]]]:
    """Yield name, annotation, default, description and constraints of each field."""
    if dataclasses.is_dataclass(cls):
        hints = hints_of(cls)
        for one in dataclasses.fields(cls):
            if not one.init:
                continue
            default: Any = NOTHING
            if one.default is not dataclasses.MISSING:
                default = one.default
            elif one.default_factory is not dataclasses.MISSING:
                default = one.default_factory()
            doc = next(
                (str(one.metadata[key]) for key in ("help", "doc", "description")
                 if key in one.metadata), "",
            )  # fmt: skip
            hint = hints[one.name]
            yield one.name, hint, default, doc, list(getattr(hint, "__metadata__", ()))
        return
    for name, one in cls.model_fields.items():  # type: ignore[attr-defined]
        default = NOTHING if one.is_required() else one.get_default(call_default_factory=True)
        yield name, one.annotation, default, one.description or "", list(one.metadata)
