"""Where a project's runs are recorded, found without reading any of them.

Every `run` asks this, so it imports nothing.
"""

from __future__ import annotations

import os

from pconfigs import errors
from pconfigs.annotations.kinds import is_dict
from pconfigs.atomic_files import regular
from pconfigs.errors.formatting import shown_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = "runs"
STORE_FILE = "store.json"
STORE = "PCONFIGS_STORE"
"""A variable that names the store, whatever the project has."""


def project_folder(start: str | None = None) -> str:
    """Return the folder of the first pyproject.toml upward, else `start` (the current folder)."""
    here = os.path.abspath(start or os.curdir)
    return folder_with("pyproject.toml", here, os.path.isfile) or here


def folder_with(name: str, start: str, is_there: Callable[[str], bool]) -> str | None:
    """Return the first folder upward in which something of a name is, or None."""
    folder, inside = start, ""
    while folder != inside:
        if is_there(os.path.join(folder, name)):
            return folder
        folder, inside = os.path.dirname(folder), folder
    return None


def store_folder(start: str | None = None) -> str | None:
    """Return the folder of the project's store, or None where nothing is recorded.

    The folder that the variable `PCONFIGS_STORE` or pyproject.toml names may be missing yet.

    Raises:
        SettingsError: pyproject.toml cannot be read.
    """
    if os.environ.get(STORE):
        return os.path.abspath(os.environ[STORE])
    project = project_folder(start)
    named = path_setting(project, "runs", "a path")
    if named is not None:
        return os.path.join(project, os.path.expanduser(named))
    folder = os.path.join(project, FOLDER)
    return folder if os.path.isfile(os.path.join(folder, STORE_FILE)) else None


def path_setting(project: str, name: str, kind: str) -> str | None:
    """Return the path that a project's settings name, or None.

    Raises:
        SettingsError: The setting is not a path, or pyproject.toml cannot be read.
    """
    named = settings_of(project).get(name)
    if named is None or (isinstance(named, str) and named):
        return named
    problem = f"tool.pconfigs.{name} must be {kind} in quotes, got {named!r}"
    raise errors.SettingsError(shown_file(os.path.join(project, "pyproject.toml")), problem)


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
    # A table may be written in parts, and with spaces: [tool] and then pconfigs = {...}.
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
