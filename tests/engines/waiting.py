"""Waiting for processes and files, without sleeping for a fixed time."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
LIMIT = 180.0


def until(condition: Callable[[], T], limit: float = LIMIT, step: float = 0.02) -> T:
    """Wait for a condition; return its value, which is true."""
    deadline = time.monotonic() + limit
    while not (value := condition()):
        if time.monotonic() >= deadline:
            raise AssertionError(f"waited {limit:g} s in vain")
        time.sleep(step)
    return value


def is_gone(pid: int) -> bool:
    """Return whether a process has ended, also where its parent does not wait for it."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True
    return stat.rpartition(")")[2].split()[0] in "ZX"


def text_of(path: Path) -> str:
    """Return the text of a file, empty where it is missing."""
    return path.read_text() if path.exists() else ""
