"""Files of experiments: a variant that inherits, or a config that depends on no other experiment.

What is written is built first, and compared: a file that would not be the same run is refused.
"""

from __future__ import annotations

import os
import sys
from types import ModuleType
from typing import Any

from pconfigs.codegen.constructor_code import ConstructorWriter
from pconfigs.codegen.imports import ImportNames, is_name
from pconfigs.codegen.width import WIDTH
from pconfigs.errors.base import Problem
from pconfigs.errors.serialization import NoCodeError, not_rebuilt
from pconfigs.imports.files import importable, run_text
from pconfigs.schema.equality import identical
from pconfigs.tree.diff import pdiff

ATTRIBUTE = "config"


def variant_file(module: ModuleType, attribute: str, base: Any, config: Any, about: str) -> str:
    """Return the file of a variant, which inherits from an experiment and states only what differs.

    Args:
        module: Of the experiment.
        attribute: The way to it from there: `config`, or `config.model`.
        base: The experiment.
        config: Its variant.
        about: The docstring of the file.

    Raises:
        NoCodeError: The module has no dotted path, or what differs no code.
    """
    if not importable(module):
        problem = f"{module.__name__} has no dotted path by which a file could import it"
        raise NoCodeError([Problem("", problem)], "call the command from the folder of the project")
    tried: NoCodeError | None = None
    for exact in (False, True):
        writer = ConstructorWriter([ATTRIBUTE])
        text = _base_text(writer.names, module.__name__, attribute)
        written = writer.derived(base, text, config, exact)
        code = _file(about, writer, written)
        try:
            _compare(code, config)
        except NoCodeError as error:
            tried = tried or error
            continue
        return code
    assert tried is not None
    raise tried


def frozen_file(config: Any, about: str) -> str:
    """Return the file of a config that depends on no other experiment: every input is spelt out.

    Raises:
        NoCodeError: Values have no code.
    """
    writer = ConstructorWriter([ATTRIBUTE])
    code = _file(about, writer, writer.full(config))
    _compare(code, config)
    return code


def _base_text(names: ImportNames, module: str, attribute: str) -> str:
    """Return the code for an experiment of another module: `first_config`, `first_config.model`."""
    dot = next((at for at, letter in enumerate(attribute) if letter in ".["), len(attribute))
    name, rest = attribute[:dot], attribute[dot:]
    last = module.rpartition(".")[2].lstrip("0123456789_") or "base"
    alias = f"{last}_{name}" if name == ATTRIBUTE else name
    if all(map(is_name, module.split("."))):
        return names.imported_as(module, name, alias) + rest
    return names.loaded_as(module, name, alias) + rest


def _file(about: str, writer: ConstructorWriter, written: Any) -> str:
    code = writer.lines(f"{ATTRIBUTE} = ", written)
    imports = _sorted(writer.names.statements(in_order=True))
    loaded = "\n".join(writer.names.assignments)
    return "\n\n".join(filter(None, [_docstring(about), imports, loaded, code])) + "\n"


def _docstring(about: str) -> str:
    plain = about.replace("\\", "/").replace('"', "'")
    text = "".join(letter if letter.isprintable() else " " for letter in plain)
    room = WIDTH - len('"""."""')
    return f'"""{text if len(text) <= room else f"{text[: room - 3]}.."}."""'


def _sorted(statements: list[str]) -> str:
    """Import statements in sections: the standard library, then others, then the project."""
    sections: list[list[str]] = [[], [], []]
    for statement in sorted(statements, key=lambda one: (one.startswith("from "), one)):
        top = statement.split()[1].partition(".")[0]
        own = os.path.isfile(f"{top}.py") or os.path.isdir(top)
        sections[0 if top in sys.stdlib_module_names else 2 if own else 1].append(statement)
    return "\n\n".join("\n".join(section) for section in sections if section)


def _compare(code: str, config: Any) -> None:
    """Build the config of a file, and refuse the file unless it equals `config`.

    Raises:
        NoCodeError: It is not.
    """
    try:
        made = run_text(code, ATTRIBUTE)
    except Exception as error:
        raise not_rebuilt(f"{type(error).__name__}: {error}") from error
    if identical(made, config):
        return
    paths = [str(change.path) for change in pdiff(config, made)][:5]
    raise not_rebuilt(f"other values at {', '.join(paths)}" if paths else "another class")
