"""Modules of dataclasses or pydantic models: their classes, and the instances at module level.

The module is imported: what a field may be and what it is by default is known to Python alone.
"""

from __future__ import annotations

import functools
import inspect
import sys
import types
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, get_args, get_origin

from pconfigs.adoption.description import ConfigClass, Field, Kind
from pconfigs.adoption.given import REQUIRED, Given
from pconfigs.adoption.names import field_name, free_name
from pconfigs.adoption.nodes import Notes, Place
from pconfigs.adoption.reading.class_members import (
    constraints,
    members,
    names_of_keys,
)
from pconfigs.adoption.reading.recipes import (
    NOTHING,
    fields_of,
    models_reached,
    own_models,
    recipes,
)
from pconfigs.adoption.writing.imports import Imports
from pconfigs.adoption.writing.value_code import ValueCode, ValueWithoutCodeError
from pconfigs.annotations.pep649 import written
from pconfigs.codegen.nodes import Group
from pconfigs.errors.base import Problem
from pconfigs.provenance.field_docs import written_docs


@dataclass(slots=True)
class ClassSource:
    """The classes of one module.

    Attributes:
        file: The module's file.
        classes: Its config classes, each after those that it holds or extends.
        values: The default values of each class, by field.
        instances: Inputs of the instances of the classes at module level, by name.
        originals: The instances.
        findings: What is left to do by hand.
    """

    file: str
    classes: list[ConfigClass] = field(default_factory=list)
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    instances: dict[str, Given] = field(default_factory=dict)
    originals: dict[str, Any] = field(default_factory=dict)
    findings: list[Problem] = field(default_factory=list)


def read_classes(module: types.ModuleType, file: str, package: str, name: str) -> ClassSource:
    """Return the classes and instances of a module.

    Args:
        module: The module, imported.
        file: Its file, as it was given.
        package: The package of the result.
        name: The module of the result.
    """
    source = ClassSource(file)
    found: dict[str, Any] = {}
    for name_, function in recipes(module):
        try:
            found[name_] = function()
        except (Exception, SystemExit) as error:
            words = f"{name_}: raised {type(error).__name__}: {error}"
            source.findings.append(Problem(f"{file}:{function.__code__.co_firstlineno}", words))
    reached = models_reached(found.values())
    own = {**dict.fromkeys(own_models(module)), **reached.classes}
    reading = _Reading(module, source, package, name, own)
    reading.held = reached.held
    for cls in own:
        reading.config_class(cls)
    found |= {name: value for name, value in vars(module).items() if type(value) in reading.known}
    for attribute, value in found.items():
        reading.source.instances[attribute] = reading.given(value)
        reading.source.originals[attribute] = value
    return reading.source


class _Reading:
    """The classes of one module, as they are made."""

    def __init__(
        self,
        module: types.ModuleType,
        source: ClassSource,
        package: str,
        name: str,
        own: Collection[type],
    ) -> None:
        self.module, self.source, self.package, self.name = module, source, package, name
        self.own = own
        self.known: dict[type, ConfigClass] = {}
        self.lacking: set[tuple[type, str]] = set()
        self.held: dict[tuple[type, str], list[Any]] = {}

    def config_class(self, cls: type) -> ConfigClass:
        """Return the config class for a dataclass or model of the module."""
        if cls in self.known:
            return self.known[cls]
        doc = _doc(cls) or f"Fields of `{cls.__qualname__}`."
        made = ConfigClass(
            self.class_name(cls), self.name, doc, (), package=self.package, original=cls
        )
        self.known[cls] = made
        made.bases = [self.config_class(base) for base in cls.__bases__ if base in self.own]
        inherited = {key for base in made.bases for key in _all_fields(base)}
        own, place = written(cls), self.place(cls)
        docs = written_docs(cls, getattr(sys.modules.get(cls.__module__), "__file__", ""), own)
        made.inputs = {}
        values = self.source.values[made.name] = {}
        made.renamed = names_of_keys(cls)
        for name, annotation, default, doc, extra in fields_of(cls):
            if name not in inherited or name in own:
                known, others = constraints(extra)
                kind = self.kind(annotation, known)
                if others:
                    words = f"left out of its type: {', '.join(others)}; write it as @pcheck"
                    self.note(place, f"{made.name}.{name}", words)
                if not kind.classes:
                    kind = self.kind_held(cls, name) or kind
                notes = Notes(doc or docs.get(name, ""))
                made.fields[name] = Field(name, field_name(name), kind, notes, place)
            self.default(made, name, default, values, place)
        for name, words in members(cls):
            self.note(place, f"{cls.__name__}.{name}" if name else cls.__name__, words)
        self.source.classes.append(made)
        return made

    def class_name(self, cls: type) -> str:
        """Return a free name for a class: `Trainer.Config` as `TrainerConfig`."""
        taken = {one.name for one in self.known.values()}
        return free_name(cls.__qualname__.replace(".", ""), taken)

    def place(self, cls: type) -> Place:
        """Return the line of a class."""
        is_own = cls.__module__ == self.module.__name__
        file = self.source.file if is_own else str(cls.__module__)
        try:
            return Place(file, inspect.getsourcelines(cls)[1])
        except (OSError, TypeError):
            return Place(file, 1)

    def default(
        self, made: ConfigClass, name: str, default: Any, values: dict[str, Any], place: Place
    ) -> None:
        """Give a class the default of a field."""
        assert made.inputs is not None
        key = field_name(name)
        if default is NOTHING:
            made.inputs[key] = REQUIRED
            return
        try:
            made.inputs[key] = self.input(default)
        except ValueWithoutCodeError:
            words = f"the default has no code: {type(default).__name__}"
            made.inputs[key] = REQUIRED
            if name in made.fields:
                made.fields[name].marks.append(words)
            self.note(place, f"{made.name}.{name}", words)
            return
        values[key] = default

    def note(self, place: Place, member: str, words: str) -> None:
        """List what is left to do by hand."""
        self.source.findings.append(Problem(str(place), f"{member}: {words}"))

    def given(self, instance: Any) -> Given:
        """Return the inputs of an instance that differ from the defaults of its class.

        A value without code must be given; it is listed once for each field.
        """
        found = Given(self.config_class(type(instance)))
        for name, _, default, _, _ in fields_of(type(instance)):
            value = getattr(instance, name)
            if default is NOTHING or type(value) is not type(default) or value != default:
                try:
                    found.inputs[field_name(name)] = self.input(value)
                except ValueWithoutCodeError:
                    found.inputs[field_name(name)] = REQUIRED
                    self.lack(type(instance), name, value)
        return found

    def lack(self, cls: type, name: str, value: Any) -> None:
        """List a field of instances whose value has no code."""
        if (cls, name) not in self.lacking:
            self.lacking.add((cls, name))
            words = f"an instance holds a value without code: {type(value).__name__}"
            self.note(self.place(cls), f"{self.known[cls].name}.{name}", words)

    def input(self, value: Any) -> Any:
        """Return an input for a value, with inputs for the instances in it.

        Raises:
            ValueWithoutCodeError: It has no code.
        """
        found = self.replaced(value)
        ValueCode(Imports("", ())).of(found)
        return found

    def replaced(self, value: Any) -> Any:
        """Return a value with their inputs in the place of instances."""
        if type(value) in self.own:
            return self.given(value)
        if type(value) in (list, tuple):
            return type(value)(map(self.replaced, value))
        if type(value) in (set, frozenset) and any(type(item) in self.own for item in value):
            items = [("", self.replaced(item)) for item in sorted(value, key=repr)]
            made = Group("{", items, "}", "list")
            return made if type(value) is set else Group("frozenset(", [("", made)])
        if type(value) is dict:
            return {key: self.replaced(item) for key, item in value.items()}
        if isinstance(value, functools.partial):
            named = {name: self.replaced(one) for name, one in value.keywords.items()}
            return functools.partial(value.func, *map(self.replaced, value.args), **named)
        return value

    def kind(self, annotation: Any, constraints: list[str]) -> Kind:
        """Return the type for an annotation."""
        found = Kind(hint=annotation, constraints=constraints)
        for cls in dict.fromkeys(self.own_classes(annotation)):
            found.classes.append(self.config_class(cls))
        return found

    def own_classes(self, hint: Any) -> Iterator[type]:
        """Yield the dataclasses and models that an annotation mentions."""
        if isinstance(hint, type) and hint in self.own:
            yield hint
        for one in hint if isinstance(hint, list) else (get_origin(hint), *get_args(hint)):
            if one is not None:
                yield from self.own_classes(one)

    def kind_held(self, cls: type, name: str) -> Kind | None:
        """Return the type of a field by the configs that it holds, if it holds any.

        Where its annotation is a protocol or a class from elsewhere, their config classes are not
        of that type.
        """
        found = Kind()
        for value in self.held.get((cls, name), ()):
            items = value if isinstance(value, (list, tuple)) else [value]
            classes = [type(one) for one in items if type(one) in self.own]
            if not classes or len(classes) < len(items):
                if value is None:
                    found.none = True
                continue
            kind = Kind(classes=[self.config_class(one) for one in dict.fromkeys(classes)])
            found.add(kind if items is not value else Kind(item=kind))
        return None if found.is_empty else found


def _all_fields(made: ConfigClass) -> set[Any]:
    return {*made.fields, *(key for base in made.bases for key in _all_fields(base))}


def _doc(cls: type) -> str:
    text = cls.__doc__ or ""
    # dataclasses make up a docstring that is the signature.
    return "" if text.startswith(f"{cls.__name__}(") else inspect.cleandoc(text)
