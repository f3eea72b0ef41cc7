"""The Python files below a folder, in order; tests and folders of tools are left out."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator

SKIPPED = {"__pycache__", "node_modules", "site-packages", "build", "dist"}


def python_files(
    place: str,
    tests: bool = False,
    unread: dict[str, str] | None = None,
    above: frozenset[tuple[int, int]] = frozenset(),
) -> Iterator[str]:
    """Yield the Python files at a path; hidden folders and virtual environments are left out.

    Links are followed, but for those that lead to a folder around them.

    Args:
        place: A file, or a folder.
        tests: Whether tests below the folder are included.
        unread: Takes the folders that cannot be read, each with the reason.
        above: The folders around it: device and number of each.
    """
    if os.path.isfile(place):
        yield place
        return
    try:
        state = os.stat(place)
        key = state.st_dev, state.st_ino
        if key in above:
            return
        with os.scandir(place) as scanned:
            entries = sorted(scanned, key=lambda entry: entry.name)
        entries = [entry for entry in entries if not leads_to_itself(entry)]
        folders = {entry for entry in entries if entry.is_dir()}
        skipped = {entry for entry in folders if _is_skipped(entry)}
    except OSError as error:
        if unread is not None:
            unread[place] = error.strerror or str(error)
        return
    for entry in entries:
        # As pathlib spells it: without the dot of the current folder.
        path = entry.name if place == os.curdir else entry.path
        if not tests and _is_of_tests(entry.name, entry in folders):
            continue
        if entry in folders:
            if entry not in skipped:
                yield from python_files(path, tests, unread, above | {key})
        elif entry.name.endswith(".py") and entry.is_file():
            yield path


def leads_to_itself(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a link that leads to itself, of which nothing can be asked."""
    try:
        entry.is_dir()
    except OSError as error:
        return error.errno == errno.ELOOP
    return False


def _is_skipped(folder: os.DirEntry[str]) -> bool:
    hidden = folder.name.startswith(".") or folder.name in SKIPPED
    return hidden or (os.access(folder, os.X_OK) and _exists(os.path.join(folder, "pyvenv.cfg")))


def _exists(path: str) -> bool:
    # os.path.exists takes a path that cannot be looked at for one that is not there.
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _is_of_tests(name: str, is_folder: bool) -> bool:
    """Return whether a file or folder has a name that pytest gives to tests."""
    stem, suffix = os.path.splitext(name)
    if suffix != ".py":
        return name in ("tests", "test") and is_folder
    return stem == "conftest" or stem.startswith("test_") or stem.endswith("_test")
