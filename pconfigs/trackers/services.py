"""Services: the client of each tracker."""

from __future__ import annotations

import importlib

from pconfigs.clients.tracking import TrackerClient

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
