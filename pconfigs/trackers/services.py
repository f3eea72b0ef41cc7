"""Services: names of trackers and their clients."""

from __future__ import annotations

import importlib
import os

from pconfigs.errors.base import MissingExtraError
from pconfigs.errors.formatting import listed, nearest
from pconfigs.errors.trackers import TrackerError
from pconfigs.runs.location import settings_of, shown_path

TYPE_CHECKING = False  # every recorded run imports this
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pconfigs.clients.tracking import TrackerClient
    from pconfigs.runs.folder import RunFolder

FOLDER = "trackers"
CLIENTS = {
    "tensorboard": ("pconfigs.clients.tensorboard", "TensorBoardClient"),
    "mlflow": ("pconfigs.clients.mlflow", "MLflowClient"),
    "wandb": ("pconfigs.clients.wandb", "WandbClient"),
}


def make_client(name: str) -> TrackerClient:
    """Return a new client of a tracker.

    Raises:
        MissingExtraError: Its package is not installed.
    """
    module, cls = CLIENTS[name]
    made: TrackerClient = getattr(importlib.import_module(module), cls)()
    return made


def trackers_in(folder: RunFolder) -> list[str]:
    """Return the trackers that a run has, sorted."""
    try:
        names = os.listdir(os.path.join(folder.path, FOLDER))
    except FileNotFoundError:
        return []
    return sorted(name.removesuffix(".json") for name in names if name.endswith(".json"))


def trackers_of(project: str, asked: Sequence[str] = (), smoke: bool = False) -> list[str]:
    """Return the trackers of a project's settings, and those that were asked for.

    Smoke runs have those alone that were asked for.

    Raises:
        TrackerError: A name is not that of a tracker.
    """
    named = [] if smoke else settings_of(project).get("trackers", [])
    if not isinstance(named, list):
        raise TrackerError(
            f"{shown_path(project)}/pyproject.toml: tool.pconfigs.trackers must be a list of"
            f' names, got {named!r}\n    write trackers = ["tensorboard"]'
        )
    found = list(dict.fromkeys([*named, *asked]))
    for name in found:
        if name not in CLIENTS:
            close = nearest(str(name), CLIENTS)
            hint = f"did you mean {close!r}?" if close else f"there are {listed(list(CLIENTS))}"
            raise TrackerError(f"a tracker must be one of {listed(list(CLIENTS), 'or')}, got"
                               f" {name!r}\n    {hint}")  # fmt: skip
    return found


def refuse_missing(asked: Sequence[str]) -> None:
    """Refuse trackers that were asked for, and whose packages are not installed.

    Raises:
        MissingExtraError: One is not.
    """
    if not asked:
        return
    from importlib.util import find_spec  # only runs with --tracker need it

    for name in asked:
        if name in CLIENTS and find_spec(name) is None:
            raise MissingExtraError(name, name, f"--tracker {name}")
