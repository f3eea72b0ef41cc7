"""Where the artifacts of a store are."""

from __future__ import annotations

import os
from pathlib import Path

from pconfigs.artifacts.manifests import Manifests
from pconfigs.errors.runs import SettingsError
from pconfigs.runs.capture.host import cache_folder
from pconfigs.runs.location import project_folder, settings_of, shown_path
from pconfigs.runs.store import SMOKE, Store

FOLDER, DOWNLOADS = ".artifacts", ".downloads"


def download_folder(store: Store | None) -> Path:
    """Return the folder for files of other services; without a store, one of the user's cache."""
    if store is None:
        return Path(cache_folder(), "pconfigs", "downloads")
    return Path(store.folder, FOLDER, DOWNLOADS)


def manifests_of(store: Store, smoke: bool = False) -> Manifests:
    """Return the artifacts of a store: below it, or where `[tool.pconfigs] artifacts` names.

    Smoke runs have artifacts of their own, which no other run sees.

    Raises:
        SettingsError: The setting is not a path.
    """
    if smoke:
        return Manifests(Path(store.folder, SMOKE, FOLDER))
    project = project_folder(os.path.dirname(store.folder))
    named = settings_of(project).get("artifacts")
    if named is None:
        return Manifests(Path(store.folder, FOLDER))
    if not isinstance(named, str) or not named:
        problem = f"tool.pconfigs.artifacts must be a path in quotes, got {named!r}"
        raise SettingsError(shown_path(os.path.join(project, "pyproject.toml")), problem)
    return Manifests(Path(project, os.path.expanduser(named)))
