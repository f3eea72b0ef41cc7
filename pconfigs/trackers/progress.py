"""Progress: what a service has been sent of a run, so that each row is sent once."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from pconfigs.atomic_files import own_folder, read_regular
from pconfigs.runs.capture.followers import FOLDER
from pconfigs.runs.folder import RunFolder, appended, encoded, replace
from pconfigs.runs.reading.shapes import parse

_LARGEST = 1 << 62
"""Bytes that no file has."""


@dataclass(slots=True)
class Progress:
    """Record of what has been sent.

    Attributes:
        remembered: What the client needs to go on: ids of the service.
        offsets: Bytes of each file of rows that were sent.
        rows: How many rows were sent.
        artifacts: References of the versions that were sent, with "<" before consumed ones.
        closed: The attempt whose end was sent; 0 before.
        problem: Why the last attempt to send failed, or "".
    """

    remembered: dict[str, Any] = field(default_factory=dict)
    offsets: dict[str, int] = field(default_factory=dict)
    rows: int = 0
    artifacts: list[str] = field(default_factory=list)
    closed: int = 0
    problem: str = ""


def file_of(folder: RunFolder, tracker: str) -> str:
    """Return the path of the file that holds the progress of a tracker."""
    return os.path.join(folder.path, FOLDER, f"{tracker}.json")


def read_progress(folder: RunFolder, tracker: str) -> Progress:
    """Return the progress of a tracker; nothing has been sent where there is no file."""
    try:
        held = parse(read_regular(file_of(folder, tracker)), FOLDER)
        if not all(0 <= one < _LARGEST for one in held.get("offsets", {}).values()):
            raise ValueError("an offset must be one of a file")
    except (FileNotFoundError, ValueError):
        return Progress()
    known = {name: held[name] for name in Progress.__dataclass_fields__ if name in held}
    return Progress(**known)


def write_progress(folder: RunFolder, tracker: str, progress: Progress) -> None:
    """Replace the file in one step.

    Raises:
        OSError: It cannot be written, or the run was removed.
    """
    path = _made(file_of(folder, tracker))
    replace(path, encoded(asdict(progress)))


@contextmanager
def exclusive(folder: RunFolder, tracker: str, wait: bool = False) -> Generator[bool]:
    """Yield whether this process alone may send, at once or when no other does any more (`wait`).

    The system frees the lock of a process that is killed.
    """
    path = _made(file_of(folder, tracker).removesuffix(".json") + ".lock")
    with open(path, "a", encoding="utf-8", opener=appended) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def _made(path: str) -> str:
    """Return the path of a file, whose folder is there; that of its run is not made anew."""
    folder, name = os.path.split(path)
    return os.path.join(own_folder(*os.path.split(folder)), name)
