"""Where the artifacts of a store are."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from pconfigs.artifacts.container import Places, parse_mountinfo
from pconfigs.artifacts.manifests import DOWNLOADS, Manifests
from pconfigs.artifacts.version import is_url
from pconfigs.atomic_files import cache_folder, own_folder
from pconfigs.errors.artifacts import ArtifactError
from pconfigs.errors.formatting import shown_file
from pconfigs.errors.runs import SettingsError
from pconfigs.runs.location import path_setting, project_folder
from pconfigs.runs.reading.shapes import misfit
from pconfigs.runs.store import SMOKE, Store

FOLDER = ".artifacts"
MOUNTS = "PCONFIGS_MOUNTS"
"""A variable that executors set in a container: host folder by container folder, as JSON."""
_MOUNTINFO = "/proc/self/mountinfo"


def download_folder(store: Store | None) -> Path:
    """Return the folder for files of other services; without a store, one of the user's cache."""
    if store is None:
        return Path(cache_folder(), "pconfigs", "downloads")
    return Path(store.folder, FOLDER, DOWNLOADS)


def manifests_of(store: Store, smoke: bool = False) -> Manifests:
    """Return the artifacts of a store: below it, or under the path or URL in the settings.

    Smoke runs have artifacts of their own, which no other run sees.

    Raises:
        SettingsError: The setting is not a path.
    """
    return Manifests(_root(store, smoke), download_folder(store), places_here())


def _root(store: Store, smoke: bool) -> Path | str:
    if smoke:
        return Path(store.folder, SMOKE, FOLDER)
    project = project_folder(os.path.dirname(store.folder))
    named = path_setting(project, "artifacts", "a path or a URL")
    if named is None:
        return Path(store.folder, FOLDER)
    return named if is_url(named) else Path(project, os.path.expanduser(named))


def writable(store: Store, smoke: bool = False) -> Manifests:
    """Return the artifacts of a store, to add to them: no link of another user is their folder.

    Raises:
        SettingsError: The setting is not a path.
        ArtifactError: There is such a link, or the folder cannot be made.
    """
    names = [SMOKE, FOLDER] if smoke else [FOLDER]
    manifests = manifests_of(store, smoke)
    try:
        if manifests.root.place == os.path.join(store.folder, *names):
            own_folder(store.folder, *names)
    except OSError as error:
        problem = f"{shown_file(str(error.filename))}: {error.strerror}"
        raise ArtifactError(f"artifacts cannot be added: {problem}") from error
    return manifests


def folders_of(store: Store) -> list[str]:
    """Return the folders that runs of a store write to; those that the settings name are made."""
    root = _root(store, smoke=False)
    if isinstance(root, str) or root.is_relative_to(store.folder):
        return [store.folder]
    root.mkdir(parents=True, exist_ok=True)  # a container engine would make it as another user
    return [store.folder, str(root)]


def places_here() -> Places:
    """Return how paths of this process and those of the host belong together.

    Raises:
        SettingsError: The variable is not what an executor sets.
    """
    try:
        with open(_MOUNTINFO, encoding="utf-8", errors="surrogateescape") as file:
            mountinfo = parse_mountinfo(file.read())
    except OSError:  # another system than Linux
        mountinfo = []
    return Places(_mounts(), mountinfo, os.environ)


def _mounts() -> dict[str, str]:
    found: Any
    try:
        found = json.loads(os.environ.get(MOUNTS) or "{}")
    except (ValueError, RecursionError):
        found = None
    if misfit(found, {str: str}):
        raise SettingsError(MOUNTS, "it must be a JSON object of paths, as executors set it")
    mounts: dict[str, str] = found
    return mounts
