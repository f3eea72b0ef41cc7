"""Services: names of trackers and their clients."""

from __future__ import annotations

import importlib
import os

from pconfigs.errors.base import MissingExtraError
from pconfigs.errors.formatting import listed, nearest, shorten
from pconfigs.errors.trackers import TrackerError
from pconfigs.runs.location import settings_of, shown_path
from pconfigs.schema.class_schema import schema_of

TYPE_CHECKING = False  # every recorded run imports this
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

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


def trackers_of(
    project: str, asked: Sequence[str] = (), smoke: bool = False, config: Any = None
) -> list[str]:
    """Return the trackers of a project's settings, those that were asked for, and a config's own.

    Smoke runs have none of the project's.

    Args:
        project: The project's folder.
        asked: Names that the call gives.
        smoke: Whether the run is small.
        config: What runs, where that is known.

    Raises:
        TrackerError: A name is not that of a tracker.
    """
    named = [] if smoke else settings_of(project).get("trackers", [])
    if not isinstance(named, list):
        raise TrackerError(
            f"{shown_path(project)}/pyproject.toml: tool.pconfigs.trackers must be a list of"
            f' names, got {named!r}\n    write trackers = ["tensorboard"]'
        )
    own = [] if config is None else named_trackers(config)
    found = list(dict.fromkeys([*named, *asked, *own]))
    for name in found:
        _refuse_unknown(name)
    return found


def named_trackers(config: Any) -> list[str]:
    """Return the trackers that a config names: `tracker_names(config)` of the class that it runs.

    Raises:
        TrackerError: It returns something else than names of trackers.
    """
    runnable = schema_of(config).constructs
    hook = getattr(runnable, "tracker_names", None)
    if runnable is None or hook is None:
        return []
    names = hook(config)
    where = f"{runnable.__qualname__}.tracker_names"
    if isinstance(names, str) or not hasattr(names, "__iter__"):
        raise TrackerError(
            f"{where} must return names of trackers, got {shorten(names)}\n"
            '    return a list: ["tensorboard"]'
        )
    found = list(names)
    for name in found:
        _refuse_unknown(name, f"{where}: ")
    return found


def _refuse_unknown(name: object, where: str = "") -> None:
    if name not in CLIENTS:
        close = nearest(str(name), CLIENTS)
        hint = f"did you mean {close!r}?" if close else f"there are {listed(list(CLIENTS))}"
        raise TrackerError(
            f"{where}a tracker must be one of {listed(list(CLIENTS), 'or')}, got {name!r}"
            f"\n    {hint}"
        )


def refuse_missing(asked: Sequence[str]) -> None:
    """Refuse trackers that were asked for, and whose packages are not installed.

    Raises:
        MissingExtraError: One is not.
    """
    for name in asked:
        if is_missing(name):
            raise MissingExtraError(name, name, f"--tracker {name}")


def is_missing(name: str) -> bool:
    """Return whether the package of a tracker is not installed."""
    from importlib.util import find_spec  # only runs with a tracker need it

    return name in CLIENTS and find_spec(name) is None
