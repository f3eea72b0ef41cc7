"""The result for a module of classes: written, imported, and compared with the classes."""

from __future__ import annotations

import functools
from pathlib import Path as FilePath
from typing import Any

from pconfigs.adoption.comparison import differences, pairs
from pconfigs.adoption.given import Given
from pconfigs.adoption.names import field_name, module_name
from pconfigs.adoption.reading.class_module import ClassSource, read_classes
from pconfigs.adoption.reading.recipes import field_names, is_model
from pconfigs.adoption.result import EXPERIMENTS, Adopted, Package
from pconfigs.adoption.writing.imports import Imports
from pconfigs.adoption.writing.modules import module
from pconfigs.adoption.writing.value_code import ValueCode
from pconfigs.build.defaults import pdefaults
from pconfigs.errors.base import Problem
from pconfigs.errors.serialization import AdoptError
from pconfigs.markers import Required

SETS = (set, frozenset)


def adopt_classes(module_: Any, file: str, folder: FilePath, package: str, force: bool) -> Adopted:
    """Write a package of config classes for the classes of a module, and compare them.

    Raises:
        AdoptError: It cannot be written, or the result cannot be imported.
    """
    name = module_name(FilePath(file).stem)
    try:
        source = read_classes(module_, file, package, name)
    except RecursionError:
        words = "has values that are nested too deeply, or hold themselves"
        raise AdoptError([Problem(file, words)]) from None
    written = Package(folder, package, force)
    written.done.findings = source.findings
    texts = {f"{name}.py": module(name, source.classes, FilePath(file).name, {})}
    for attribute, given in source.instances.items():
        about = f"`{attribute}` of {FilePath(file).name}."
        texts[f"{EXPERIMENTS}/{attribute}.py"] = instance_module(given, package, attribute, about)
    written.refuse_existing(list(texts))
    with written.whole():
        written.begin(FilePath(file).name, bool(source.instances))
        for path, text in texts.items():
            written.write(path, text)
        _compare(written, source, written.load(name))
    return written.done


def instance_module(given: Given, package: str, name: str, about: str) -> str:
    """Return the module of an experiment that is an instance."""
    imports = Imports(f"{package}.{EXPERIMENTS}.{name}", ["config"])
    code = ValueCode(imports).delta(given)
    return imports.module_text(about, "", [f"config = {code}"])


def _compare(written: Package, source: ClassSource, made: Any) -> None:
    """Compare the defaults of the classes and the experiments with the source."""
    for one in source.classes:
        default = pdefaults(getattr(made, one.name))
        if default is None:
            continue
        for name, value in source.values[one.name].items():
            _note(written, f"{source.file}: {one.name}.{name}", getattr(default, name), value)
    for attribute, original in source.originals.items():
        written.done.targets.append(f"{written.package}.{EXPERIMENTS}.{attribute}")
        config = written.load(f"{EXPERIMENTS}.{attribute}").config
        _note(written, f"{source.file}: {attribute}", config, original)


def _note(written: Package, place: str, config: Any, value: Any) -> None:
    """Note where a value of the result differs from that of the source."""
    # What is still required has a value in the source that has no code.
    found = [pair for pair in pairs(config, values_of(value)) if pair.made is not Required]
    written.done.compared += len(found)
    for line in differences(found, _is_same):
        written.done.differences.append(Problem(place, line))


def values_of(value: Any) -> Any:
    """Return an instance of a dataclass or model as a dict of its values, all the way down."""
    if is_model(type(value)):
        names = field_names(type(value))
        return {field_name(name): values_of(getattr(value, name)) for name in names}
    if isinstance(value, dict):
        return {key: values_of(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(values_of, value)) if type(value) in (list, tuple) else value
    return value


def _is_same(made: Any, expected: Any) -> bool:
    if isinstance(made, functools.partial) and isinstance(expected, functools.partial):
        # Two of the same function and arguments are not equal to Python.
        parts = ("func", "args", "keywords")
        return all(getattr(made, part) == getattr(expected, part) for part in parts)
    if isinstance(made, SETS) and isinstance(expected, SETS) and len(made) == len(expected):
        # Those of instances have no order in which they could be compared one by one.
        return all(any(_are_equal(one, other) for one in made) for other in expected)
    return bool(made == expected or (made != made and expected != expected))


def _are_equal(made: Any, value: Any) -> bool:
    return not differences(pairs(made, values_of(value)), _is_same)
