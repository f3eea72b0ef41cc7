"""Modules of dataclasses or pydantic models: their classes, and the instances at module level.

The module is imported: what a field may be and what it is by default is known to Python alone.
"""

from __future__ import annotations

import ast
import collections.abc
import functools
import inspect
import textwrap
import types
import typing
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum
from pathlib import PurePath
from typing import Any, get_args, get_origin

from pconfigs.adoption.description import ConfigClass, Field, Kind
from pconfigs.adoption.given import REQUIRED, Given
from pconfigs.adoption.names import field_name
from pconfigs.adoption.nodes import Notes, Place
from pconfigs.adoption.reading.class_members import (
    constraints,
    members,
    names_of_keys,
    without_qualifiers,
)
from pconfigs.adoption.reading.recipes import (
    NOTHING,
    fields_of,
    models_reached,
    own_models,
    recipes,
)
from pconfigs.adoption.writing.value_code import Call, Code, Group, standard_code
from pconfigs.annotations.pep649 import written
from pconfigs.errors.base import Problem
from pconfigs.syntax import module_tree

NO_CODE = object()
PLAIN = (bool, int, float, complex, str, bytes, type(None))
BRACKETS: dict[type, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
}


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
        except Exception as error:
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
        made = ConfigClass(self.class_name(cls), self.name, doc, ())
        made.package = self.package
        self.known[cls] = made
        made.bases = [self.config_class(base) for base in cls.__bases__ if base in self.own]
        inherited = {key for base in made.bases for key in _all_fields(base)}
        docs, place = written_docs(cls), self.place(cls)
        made.inputs = {}
        values = self.source.values[made.name] = {}
        own = written(cls)
        made.renamed = names_of_keys(cls)
        for name, annotation, default, doc, extra in fields_of(cls):
            if name not in inherited or name in own:
                known, others = constraints(extra)
                kind = self.kind(annotation, known)
                if others:
                    words = f"left out of its type: {', '.join(others)}; write it as @pcheck"
                    self.source.findings.append(Problem(str(place), f"{made.name}.{name}: {words}"))
                if not kind.classes:
                    kind = self.kind_held(cls, name) or kind
                notes = Notes(doc or docs.get(name, ""))
                made.fields[name] = Field(name, field_name(name), kind, notes, place)
            self.default(made, name, default, values, place)
        self.list_methods(cls, place)
        self.source.classes.append(made)
        return made

    def class_name(self, cls: type) -> str:
        """Return a free name for a class: `Trainer.Config` as `TrainerConfig`."""
        name = plain = cls.__qualname__.replace(".", "")
        taken = {one.name for one in self.known.values()}
        number = 2
        while name in taken:
            name, number = f"{plain}{number}", number + 1
        return name

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
        code = self.code(default)
        if code is NO_CODE:
            words = f"the default has no code: {type(default).__name__}"
            made.inputs[key] = REQUIRED
            if name in made.fields:
                made.fields[name].marks.append(words)
            self.source.findings.append(Problem(str(place), f"{made.name}.{name}: {words}"))
            return
        made.inputs[key] = code
        values[key] = default

    def list_methods(self, cls: type, place: Place) -> None:
        """List what a class does besides holding values."""
        for name, words in members(cls):
            member = f"{cls.__name__}.{name}" if name else cls.__name__
            self.source.findings.append(Problem(str(place), f"{member}: {words}"))

    def given(self, instance: Any) -> Given:
        """Return the inputs of an instance that differ from the defaults of its class.

        A value without code must be given; it is listed once for each field.
        """
        found = Given(self.config_class(type(instance)))
        for name, _, default, _, _ in fields_of(type(instance)):
            value = getattr(instance, name)
            if default is NOTHING or type(value) is not type(default) or value != default:
                code = self.code(value)
                if code is NO_CODE:
                    code = REQUIRED
                    self.lack(type(instance), name, value)
                found.inputs[field_name(name)] = code
        return found

    def lack(self, cls: type, name: str, value: Any) -> None:
        """List a field of instances whose value has no code."""
        if (cls, name) not in self.lacking:
            self.lacking.add((cls, name))
            words = f"an instance holds a value without code: {type(value).__name__}"
            place = str(self.place(cls))
            self.source.findings.append(Problem(place, f"{self.known[cls].name}.{name}: {words}"))

    def code(self, value: Any) -> Any:
        """Return an input for a value, or `NO_CODE` where it has none."""
        if type(value) in self.own:
            return self.given(value)
        if isinstance(value, functools.partial):
            return self.partial(value)
        if isinstance(value, Enum):
            cls = type(value)
            return Code(f"{cls.__name__}.{value.name}", ((cls.__module__, cls.__name__),))
        if isinstance(value, PurePath):
            return Code(f"Path({str(value)!r})", (("pathlib", "Path"),))
        if type(value) in BRACKETS:
            items = [self.code(item) for item in value]
            return NO_CODE if NO_CODE in items else Group(*BRACKETS[type(value)], tuple(items))
        if type(value) is dict:
            inner = {key: self.code(item) for key, item in value.items()}
            plain = all(type(key) in PLAIN for key in inner)
            return inner if plain and NO_CODE not in inner.values() else NO_CODE
        if isinstance(value, type) or inspect.isroutine(value):
            if not value.__module__ or "<" in value.__qualname__:
                return NO_CODE
            first = value.__qualname__.partition(".")[0]
            return Code(value.__qualname__, ((value.__module__, first),))
        if type(value) in PLAIN:
            return value
        return standard_code(value) or NO_CODE

    def partial(self, value: functools.partial[Any]) -> Any:
        """Return the code of a partial function, or `NO_CODE` where a part has none."""
        words = [self.code(one) for one in (value.func, *value.args)]
        named = {name: self.code(one) for name, one in value.keywords.items()}
        if NO_CODE in words or NO_CODE in named.values():
            return NO_CODE
        return Call("functools", "partial", tuple(words), named)

    def kind(self, annotation: Any, extra: list[Any]) -> Kind:
        """Return the type for an annotation."""
        found = Kind()
        imports: list[tuple[str, str]] = []
        found.text = self.text(annotation, imports, found)
        if extra:
            imports.append(("typing", "Annotated"))
            for one in extra:
                cls = type(one).__name__
                imports += one.imports if isinstance(one, Code) else [("annotated_types", cls)]
            words = [one.text if isinstance(one, Code) else repr(one) for one in extra]
            found.text = f"Annotated[{found.text}, {', '.join(words)}]"
        found.imports = imports
        return found

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

    def text(self, hint: Any, imports: list[tuple[str, str]], found: Kind) -> str:
        """Return the code of an annotation."""
        hint = without_qualifiers(hint)
        origin, arguments = get_origin(hint), get_args(hint)
        if hint is Any or hint is inspect.Parameter.empty:
            imports.append(("typing", "Any"))
            return "Any"
        if hint is None or hint is type(None):
            return "None"
        if hint is Ellipsis:
            return "..."
        if isinstance(hint, list):
            return f"[{', '.join(self.text(one, imports, found) for one in hint)}]"
        if origin in (typing.Union, types.UnionType):
            return " | ".join(self.text(one, imports, found) for one in arguments)
        if origin is typing.Literal:
            imports.append(("typing", "Literal"))
            return f"Literal[{', '.join(map(repr, arguments))}]"
        if origin is typing.Annotated:
            return self.text(arguments[0], imports, found)
        if origin is collections.abc.Callable:
            imports.append(("collections.abc", "Callable"))
            inner = ", ".join(self.text(one, imports, found) for one in arguments)
            return f"Callable[{inner}]" if inner else "Callable[..., object]"
        if origin in self.own:
            return self.name_of(origin, imports, found)
        if origin is not None:
            inner = ", ".join(self.text(one, imports, found) for one in arguments)
            return f"{self.text(origin, imports, found)}[{inner}]"
        return self.name_of(hint, imports, found)

    def name_of(self, hint: Any, imports: list[tuple[str, str]], found: Kind) -> str:
        """Return the code of a class."""
        if isinstance(hint, type) and hint in self.own:
            held = self.config_class(hint)
            found.classes.append(held)
            return held.name
        name, module = getattr(hint, "__qualname__", None), getattr(hint, "__module__", None)
        if name is None or module is None:
            imports.append(("typing", "Any"))
            return "Any"
        imports.append((module, name.partition(".")[0]))
        return str(name)


def written_docs(cls: type) -> dict[str, str]:
    """Return the docstrings and comments of the fields that the body of a class declares."""
    try:
        lines = textwrap.dedent(inspect.getsource(cls)).splitlines()
        body = module_tree("\n".join(lines)).body[0]
    except (OSError, TypeError, SyntaxError, IndexError):
        return {}
    if not isinstance(body, ast.ClassDef):
        return {}
    found: dict[str, str] = {}
    for statement, following in zip(body.body, [*body.body[1:], None], strict=True):
        if not (isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)):
            continue
        text = ""
        if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            text = str(following.value.value)
        end = (statement.end_lineno or 1) - 1
        after = lines[end].encode()[statement.end_col_offset :].decode(errors="replace").strip()
        above = lines[statement.lineno - 2].strip()
        for comment in (after, above):
            if not text and comment.startswith("#"):
                text = comment.lstrip("# ")
        if text:
            found[statement.target.id] = inspect.cleandoc(text)
    return found


def _all_fields(made: ConfigClass) -> set[Any]:
    return {*made.fields, *(key for base in made.bases for key in _all_fields(base))}


def _doc(cls: type) -> str:
    text = cls.__doc__ or ""
    # dataclasses make up a docstring that is the signature.
    return "" if text.startswith(f"{cls.__name__}(") else inspect.cleandoc(text)
