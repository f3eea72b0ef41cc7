"""Modules of the result: classes with their fields, properties, defaults and variants."""

from __future__ import annotations

import builtins

from pconfigs.adoption.description import ConfigClass, all_classes
from pconfigs.adoption.given import Given, Inputs
from pconfigs.adoption.nodes import Variable
from pconfigs.adoption.writing.class_code import ClassCode
from pconfigs.adoption.writing.environment_code import MODULE, environment_module
from pconfigs.adoption.writing.imports import FUTURE, Imports
from pconfigs.adoption.writing.texts import docstring
from pconfigs.adoption.writing.type_code import TypeCode
from pconfigs.adoption.writing.value_code import ValueCode

SMALL = 6
"""Classes that are written to one module, where there are no groups."""


def modules(root: ConfigClass, about: str, variables: dict[Variable, str]) -> dict[str, str]:
    """Return the text of every module, by its name below the package.

    Args:
        root: The class of the main file.
        about: What the result was made of, for the docstrings.
        variables: Attributes of the class that declares environment variables.
    """
    classes = all_classes(root)
    if len(classes) <= SMALL and not any(one.variants for one in classes):
        for one in classes:
            one.module = root.module
    by_module: dict[str, list[ConfigClass]] = {}
    for one in classes:
        by_module.setdefault(one.module, []).append(one)
    found = {}
    if variables:
        found[MODULE] = environment_module(root.package, variables, about)
    for name, part in by_module.items():
        found[name] = module(name, part, about, variables)
    return found


def module(
    name: str, classes: list[ConfigClass], about: str, variables: dict[Variable, str]
) -> str:
    """Return the text of one module."""
    fields = [field.name for one in classes for field in one.fields.values()]
    own = [one.name for one in classes]
    imports = Imports(f"{classes[0].package}.{name}", own, fields)
    parts: list[str] = []
    for one in classes:
        parts.append(ClassCode(one, TypeCode(imports, variables)).text())
        parts.append(default_of(one, imports))
        parts += variants_of(one, imports)
    section = f"Section `{name}` of {about}." if classes[-1].path else f"Settings of {about}."
    # A field that a property completes is declared twice, for all but the plugin of mypy.
    has_properties = "pproperty" in imports.names.get("pconfigs", ())
    note = '# mypy: disable-error-code="no-redef"\n' if has_properties else ""
    return imports.module_text(section, f"{note}{FUTURE}", parts)


def default_of(one: ConfigClass, imports: Imports) -> str:
    """Return the line that registers the default of a class."""
    if one.default is not None:
        given = Inputs(one.default.tree).config(one, one.default)
    elif one.inputs is not None:
        given = Given(one, one.inputs)
    else:
        return ""
    code = ValueCode(imports).whole(given)
    return f"{imports.imported('pconfigs', 'pdefaults')} += {code}"


def variants_of(one: ConfigClass, imports: Imports) -> list[str]:
    """Return the lines that make the further configs of a class."""
    lines: list[str] = []
    for variant in one.variants:
        given = Inputs(variant.sample.tree).config(one, variant.sample)
        name = variant.name
        while name in imports.taken or hasattr(builtins, name):
            name = f"{name}_"
        imports.taken.add(name)
        variant.name = name
        lines.append(f"{name} = {ValueCode(imports).delta(given)}")
        if variant.doc:
            lines[-1] += f"\n{docstring(variant.doc)}"
    return lines
