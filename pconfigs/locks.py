"""Locks of files and folders: they belong to a process until it ends, however it ends."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # loaded with every run; tempfile and shutil take longer
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

PREFIX = "pconfigs-scratch-"


def lock(number: int, wait: bool) -> bool:
    """Lock an open file; return whether it is locked now."""
    try:
        import fcntl

        fcntl.flock(number, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):
        # Windows has no such lock; some network drives have none.
        return False
    return True


class ScratchFolder:
    """A new folder in the folder of temporary files, for what is needed until it is removed.

    It is locked by its process. The next one that makes a folder removes those that nothing has
    locked: they are of processes that were killed.

    Attributes:
        path: The folder, which the user of this process alone may enter.
    """

    def __init__(self) -> None:
        from tempfile import mkdtemp

        _remove_abandoned()
        self._owner = os.getpid()
        while True:
            self.path = mkdtemp(prefix=PREFIX)
            self._lock = _opened(self.path)
            if self._lock is not None:
                lock(self._lock, wait=True)
            if os.path.isdir(self.path):
                return
            # Another process has found it before it was locked, and removed it.
            if self._lock is not None:
                os.close(self._lock)

    def remove(self) -> None:
        """Remove it with what is in it; a forked process leaves that to its parent."""
        if os.getpid() == self._owner:
            _remove(self.path)
            if self._lock is not None:
                os.close(self._lock)
                self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.remove()


def _opened(folder: str) -> int | None:
    """Return the descriptor of a folder that is one of this user; None where there is none."""
    if os.name != "posix":
        return None
    try:
        number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    if os.fstat(number).st_uid == os.getuid():
        return number
    os.close(number)
    return None


def _remove_abandoned() -> None:
    for path in _scratch_folders():
        number = _opened(path)
        if number is not None:
            if lock(number, wait=False):
                _remove(path)
            os.close(number)


def _remove(folder: str) -> None:
    from shutil import rmtree

    rmtree(folder, ignore_errors=True)


def _scratch_folders() -> Iterator[str]:
    from tempfile import gettempdir

    try:
        with os.scandir(gettempdir()) as entries:
            yield from (entry.path for entry in entries if entry.name.startswith(PREFIX))
    except OSError:
        return  # one that may be written to and not listed
