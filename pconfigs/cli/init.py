"""`python -m pconfigs.init [DIR]`: a new project that runs and passes its tests."""

from __future__ import annotations

import os
import re
import sys
from argparse import Namespace
from keyword import iskeyword

from pconfigs.atomic_files import create_file
from pconfigs.cli.agents import block
from pconfigs.cli.options import RULES_FILE
from pconfigs.cli.output import write
from pconfigs.codegen.new_project import project_files
from pconfigs.errors.formatting import listed
from pconfigs.errors.targets import UsageError


def command(asked: Namespace) -> int:
    """Write the files of a new project; refuse if one of them exists."""
    folder = asked.folder
    name = _name_of(folder, asked.name)
    written = lay_out(folder, name)
    write("\n".join(f"wrote {path}" for path in written))
    write("")
    if os.path.abspath(folder) != os.getcwd():
        write(f"cd {os.path.relpath(folder)}")
    write(f"python -m pconfigs.run {name}.experiments.first")
    write("python -m pconfigs.test")
    return 0


def lay_out(folder: str, name: str) -> list[str]:
    """Write the project `name` into a folder; return the paths of its files.

    Raises:
        UsageError: A file of the project exists. Nothing is written then.
    """
    files = {**project_files(name), RULES_FILE: f"{block()}\n"}
    paths = {os.path.normpath(os.path.join(folder, path)): files[path] for path in files}
    existing = [path for path in paths if os.path.lexists(path)]
    if existing:
        hint = "give an empty folder: python -m pconfigs.init DIR"
        raise UsageError("init", f"{listed(existing)} must not exist", [hint])
    for path, text in paths.items():
        os.makedirs(os.path.dirname(path) or os.curdir, exist_ok=True)
        create_file(path, text.encode())
    return list(paths)


def _name_of(folder: str, given: str | None) -> str:
    """Return the name of the package: as given, or made from the name of the folder."""
    if given is None:
        name = re.sub(r"\W+", "_", os.path.basename(os.path.abspath(folder)), flags=re.ASCII)
        name = name.strip("_").lower()
        return name if _is_usable(name) else "lab"
    if not _is_usable(given):
        hint = "use letters, digits and underscores, such as lab"
        raise UsageError("init", f"--name must be a new package name, got {given!r}", [hint])
    return given


def _is_usable(name: str) -> bool:
    taken = name in sys.stdlib_module_names or name in {"pconfigs", "tests"}
    return name.isidentifier() and name.isascii() and not iskeyword(name) and not taken
