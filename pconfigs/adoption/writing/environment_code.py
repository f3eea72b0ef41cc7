"""Code of the class that declares the environment variables of a source."""

from __future__ import annotations

from collections.abc import Mapping

from pconfigs.adoption.nodes import Variable
from pconfigs.adoption.writing.imports import Imports
from pconfigs.adoption.writing.texts import docstring
from pconfigs.adoption.writing.value_code import ValueCode
from pconfigs.codegen.foreign_code import format_module

MODULE = "environment"
CLASS = "Environment"


def environment_module(package: str, names: Mapping[Variable, str], about: str) -> str:
    """Return the text of the module that declares variables.

    Args:
        package: The package of the result.
        names: The attribute of each variable.
        about: What the result was made of.
    """
    imports = Imports(f"{package}.{MODULE}", [CLASS])
    lines = [f"@{imports.add('pconfigs', 'penv')}", f"class {CLASS}:"]
    lines.append(f"    {docstring(f'Environment variables that {about} reads.')}")
    for variable, name in names.items():
        kind = variable.kind
        if variable.is_secret:
            kind = f"{imports.add('pconfigs', 'Secret')}[{kind}]"
        if variable.is_required:
            value = imports.add("pconfigs", "Required")
        else:
            value = ValueCode(imports).of(variable.default)
        if name != variable.name:
            value = f"{imports.add('pconfigs', 'EnvVar')}({variable.name!r}, {value})"
        lines.append(f"    {name}: {kind} = {value}")
    head = f"{docstring(f'Environment of {about}.')}\n\nfrom __future__ import annotations"
    return format_module("\n\n".join([head, imports.text(), "\n".join(lines)]) + "\n")
