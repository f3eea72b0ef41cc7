"""Keyword functions (`pface`): a config's fields as keyword arguments of a plain function."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import cached_property
from inspect import Parameter, Signature
from typing import Any

from pconfigs.errors.base import show_as_users
from pconfigs.errors.declare import DeclarationError
from pconfigs.errors.formatting import class_name, clauses, did_you_mean, listed
from pconfigs.markers import Required, Secret
from pconfigs.provenance.origins import HIDDEN, user_call_site
from pconfigs.schema.class_schema import is_config, is_config_class, schema_of
from pconfigs.schema.inheritance import ABSENT, fallback_of, inherited_input
from pconfigs.schema.signatures import shown
from pconfigs.serialization.conversion.plain_forms import plain_forms_of
from pconfigs.serialization.load import load
from pconfigs.tree.edit_tree import rebuilt
from pconfigs.validation.base import classes_in


def pface(of: type, /, **names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that lets a function of a config take the fields as keywords.

        @pface(TrainerConfig)
        def train(config): ...

        train(learning_rate=1e-3, depth=4)

    Fields of nested configs are named as they are, where no other field has that name; else by
    their path, `model_depth`. Whole parts can be given as dicts or configs. A config before
    the keywords is a base. `inspect.signature` shows all of it.

    Args:
        of: The config class.
        **names: Keywords to take instead of all these, and the path of the field that each sets:
            `@pface(TrainerConfig, lr="optimizer.learning_rate")`.
    """
    if not is_config_class(of):
        raise DeclarationError(f"pface takes a config class, but got {of!r}")

    return lambda function: Face(of, function, names)


class Face:
    """A function of a config, called with the fields of the config as keywords."""

    def __init__(self, of: type, function: Callable[..., Any], names: Mapping[str, str]) -> None:
        self.of, self.function, self.names = of, function, names
        self.__wrapped__ = function
        self.__doc__ = function.__doc__
        self.__name__, self.__qualname__ = function.__name__, function.__qualname__
        self.__module__ = function.__module__

    def __call__(self, /, *bases: Any, **given: Any) -> Any:
        if len(bases) > 1:
            raise TypeError(f"{self.__name__} takes one config before the keywords")
        for name in given:
            if name not in self.paths:
                words = f"{self.__name__}() takes no {name!r}"
                raise TypeError(clauses(words, did_you_mean(name, self.paths)))
        base = bases[0] if bases else None
        data: dict[str, Any] = {}
        for name, value in given.items():
            *parts, last = self.paths[name]
            inner = data
            for part in parts:
                inner = inner.setdefault(part, {})
            inner[last] = value
        config = _built(self.of, base, data, user_call_site())
        try:
            return self.function(config)
        except Exception as error:
            show_as_users(error)
            raise

    def __repr__(self) -> str:
        return f"<face of {self.__module__}.{self.__qualname__}>"

    @property
    def __signature__(self) -> Signature:
        bases = Parameter("bases", Parameter.VAR_POSITIONAL)
        fields = [_parameter(self.of, name, path) for name, path in self.paths.items()]
        return Signature([bases, *fields])

    @cached_property
    def paths(self) -> dict[str, tuple[str, ...]]:
        """Return the keywords and the paths of their fields: those with `names`, or else all."""
        paths = _paths_below(self.of)
        if self.names:
            return {name: _known_path(self.of, path, paths) for name, path in self.names.items()}
        faces: dict[str, tuple[str, ...]] = {path[0]: path for path in paths if len(path) == 1}
        deeper = [path for path in paths if len(path) > 1]
        alike = Counter(path[-1] for path in deeper)
        for path in deeper:
            name = path[-1] if alike[path[-1]] == 1 and path[-1] not in faces else "_".join(path)
            faces.setdefault(name, path)
        return faces


def _known_path(of: type, path: str, paths: list[tuple[str, ...]]) -> tuple[str, ...]:
    steps = tuple(path.split("."))
    if steps not in paths:
        nearest = did_you_mean(path, [".".join(one) for one in paths])
        headline = f"pface: {class_name(of)} has no field {path!r} to set"
        raise DeclarationError(headline, _several_classes(of, steps) or nearest)
    return steps


def _several_classes(of: Any, steps: tuple[str, ...]) -> str:
    """Return which step of a path leads to a part of several classes, in words; "" if none does."""
    cls = of
    for count, step in enumerate(steps, 1):
        field = schema_of(cls).fields.get(step) if is_config_class(cls) else None
        if field is None:
            return ""
        classes = [one for one in classes_in(field.validator) if is_config_class(one)]
        if len(classes) > 1:
            names = listed([class_name(one) for one in classes], "or")
            whole = ".".join(steps[:count])
            return f"{whole} may be {names}: set it as a whole, by {step}={whole!r}"
        cls = classes[0] if classes else None
    return ""


def _paths_below(of: type) -> list[tuple[str, ...]]:
    """Return the paths of all fields that can be set, in nested configs too, nearest first."""
    paths: list[tuple[str, ...]] = []
    pending: list[tuple[type, tuple[str, ...], tuple[type, ...]]] = [(of, (), (of,))]
    while pending:
        cls, start, around = pending.pop(0)
        for name, field in schema_of(cls).fields.items():
            if field.pinned:
                continue
            paths.append((*start, name))
            part = plain_forms_of(field.validator).mapping
            if is_config_class(part) and part not in around:
                pending.append((part, (*start, name), (*around, part)))
    return paths


def _built(of: type, base: Any, data: dict[str, Any], call: tuple[Any, int]) -> Any:
    """Return a config of `of` from a base, or else the default, and nested data."""
    schema = schema_of(of)
    known = base if base is not None else next(iter(fallback_of(schema)), None)
    inputs: dict[str, Any] = {}
    for name, value in data.items():
        below = None if known is None else inherited_input(schema.fields[name], (known,))[0]
        if isinstance(value, dict) and is_config(below):
            inputs[name] = _built(type(below), below, value, call)
        else:
            inputs[name] = value
    if base is None:
        return load(inputs, of, "refuse", (), call, "")
    return rebuilt(base, inputs, call, of)


def _parameter(of: type, name: str, path: tuple[str, ...]) -> Parameter:
    """Return the parameter of a field, with its default."""
    cls = of
    default: Any = ABSENT
    hint: Any = None
    is_secret = False
    for step in path:
        schema = schema_of(cls)
        field = schema.fields[step]
        sources = (default,) if is_config(default) else fallback_of(schema)
        default = inherited_input(field, sources)[0]
        is_secret, hint = is_secret or Secret in field.markers, field.hint
        cls = type(default) if is_config(default) else plain_forms_of(field.validator).mapping
    if default is ABSENT or (default is Required and not is_secret):
        default = Parameter.empty
    else:
        default = shown(HIDDEN if is_secret else default)
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=hint)
