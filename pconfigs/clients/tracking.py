"""Data that trackers are given, and the protocol of their clients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(slots=True, frozen=True)
class TrackedRun:
    """Facts about a run that a service is given when it is opened.

    Attributes:
        id: The run's name, unique in its store.
        key: A short hexadecimal string, unique among all stores; the same whenever it is asked for.
        project: The name of the project.
        folder: The run's folder.
        config: The values of its config by dotted path.
        tags: More facts: target, overrides, commit, host.
        started: Seconds since 1970.
    """

    id: str
    key: str
    project: str
    folder: str
    config: Mapping[str, Any]
    tags: Mapping[str, str] = field(default_factory=dict)
    started: float = 0.0


@dataclass(slots=True, frozen=True)
class Row:
    """One row of metrics.

    Attributes:
        number: Of the row in the run, from 0.
        step: Of the training, or None.
        time: Seconds since 1970.
        values: By name.
    """

    number: int
    step: int | None
    time: float
    values: Mapping[str, int | float | str | bool]


@dataclass(slots=True, frozen=True)
class TrackedArtifact:
    """One version that a run produced or consumed.

    Attributes:
        ref: The qualified reference: "tokens:v3", "wandb:team/proj/tokens:v3".
        name, version: Of it.
        type: A word for people.
        path: Where its files are.
        digest: `sha256:...`, or "".
        metadata: JSON values.
    """

    ref: str
    name: str
    version: str
    type: str
    path: str
    digest: str
    metadata: Mapping[str, Any]


class TrackerClient(Protocol):
    """One run of a tracking service.

    Each method either has sent what it was given when it returns, or raises. All may be called
    again with the same arguments after a crash: a service keeps what it has once.

    Attributes:
        restarts: Whether a new client has to be sent all again.
        buffers: Whether rows that were sent may be lost with the process. A new client has to be
            sent all rows again; those that the service has are left out.
    """

    restarts: bool
    buffers: bool

    def open(self, run: TrackedRun, remembered: Mapping[str, Any]) -> Mapping[str, Any]:
        """Create the run of the service, or go on with it; return what to remember of it."""
        ...

    def send_rows(self, rows: Sequence[Row]) -> None:
        """Send rows, in the order of their numbers."""

    def send_artifact(self, artifact: TrackedArtifact, *, consumed: bool) -> None:
        """Send that the run produced or consumed a version."""

    def close(self, state: str, exit_code: int | None, log: str | None) -> None:
        """Send the end of the run, and the path of what it printed."""
