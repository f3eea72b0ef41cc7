"""Code of the class that declares the environment variables of a source."""

from __future__ import annotations

from collections.abc import Mapping

from pconfigs.adoption.nodes import Variable
from pconfigs.adoption.writing.imports import FUTURE, Imports
from pconfigs.adoption.writing.texts import docstring
from pconfigs.adoption.writing.value_code import ValueCode

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
    lines = [f"@{imports.imported('pconfigs', 'penv')}", f"class {CLASS}:"]
    lines.append(f"    {docstring(f'Environment variables that {about} reads.')}")
    for variable, name in names.items():
        kind = variable.kind
        if variable.is_secret:
            kind = f"{imports.imported('pconfigs', 'Secret')}[{kind}]"
        if variable.is_required:
            value = imports.imported("pconfigs", "Required")
        else:
            value = ValueCode(imports).of(variable.default)
        if name != variable.name:
            value = f"{imports.imported('pconfigs', 'EnvVar')}({variable.name!r}, {value})"
        lines.append(f"    {name}: {kind} = {value}")
    return imports.module_text(f"Environment of {about}.", FUTURE, ["\n".join(lines)])
