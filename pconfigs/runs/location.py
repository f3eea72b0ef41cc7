"""Where a project's runs are recorded, found without reading any of them.

Every `run` asks this, so it imports nothing.
"""

from __future__ import annotations

import os

from pconfigs import errors
from pconfigs.annotations.kinds import is_dict
from pconfigs.atomic_files import regular
from pconfigs.errors.formatting import shown_file

FOLDER = "runs"
STORE_FILE = "store.json"
STORE = "PCONFIGS_STORE"
"""A variable that names the store, whatever the project has."""


def project_folder(start: str | None = None) -> str:
    """Return the folder of the first pyproject.toml upward, else `start` (the current folder)."""
    here = folder = os.path.abspath(start or os.curdir)
    while True:
        if os.path.isfile(os.path.join(folder, "pyproject.toml")):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            return here
        folder = above


def store_folder(start: str | None = None) -> str | None:
    """Return the folder of the project's store, or None where nothing is recorded.

    The folder that the variable `PCONFIGS_STORE` or pyproject.toml names may be missing yet.

    Raises:
        SettingsError: pyproject.toml cannot be read.
    """
    if os.environ.get(STORE):
        return os.path.abspath(os.environ[STORE])
    project = project_folder(start)
    named = settings_of(project).get("runs")
    if named is not None:
        if not isinstance(named, str) or not named:
            problem = f"tool.pconfigs.runs must be a path in quotes, got {named!r}"
            raise errors.SettingsError(shown_file(os.path.join(project, "pyproject.toml")), problem)
        return os.path.join(project, os.path.expanduser(named))
    folder = os.path.join(project, FOLDER)
    return folder if os.path.isfile(os.path.join(folder, STORE_FILE)) else None


def settings_of(project: str) -> dict[str, object]:
    """Return the table `tool.pconfigs` of a project's pyproject.toml.

    Raises:
        SettingsError: The file is not TOML.
    """
    path = os.path.join(project, "pyproject.toml")
    try:
        with open(path, "rb", opener=regular) as file:
            content = file.read()
    except FileNotFoundError:
        return {}
    bare = content.replace(b" ", b"")
    if b"tool.pconfigs" not in bare and not (b"[tool]" in bare and b"pconfigs" in bare):
        return {}
    # The parser is loaded only for projects with settings of ours.
    from pconfigs.serialization.formats.toml_format import parse

    try:
        tables = parse(content.decode())
    except ValueError as error:
        raise errors.SettingsError(shown_file(path), f"invalid TOML: {error}") from error
    table = tables.get("tool", {}).get("pconfigs", {})
    return table if is_dict(table) else {}
