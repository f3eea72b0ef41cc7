"""Discovery: the modules of experiments in a project, as its marker files have it.

A folder with a `__pconfigs__.py` holds experiments, and so do the folders below one that imports
`TestSubdirs`. Each module is found once, however many markers speak of it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pconfigs.errors.testing import no_such_experiment, no_such_place
from pconfigs.imports import make_current_folder_importable
from pconfigs.imports.files import is_module_word, module_name_of
from pconfigs.imports.source_files import SKIPPED
from pconfigs.testing.marker_files import MARKER, Marker, read_marker

GOLDEN = ".golden"
"""The end of names of golden files: `second.config.golden` is for `config` in second.py."""


@dataclass(slots=True)
class ExperimentModule:
    """A module of experiments, or what is in the way of one.

    Attributes:
        path: Its file.
        problem: Why it cannot be a module of experiments, or "".
        cause: What its marker file raised, or None.
        is_lost: It is not a module but a golden file of a missing one.
        name: Its dotted name, or else its file relative to the current folder.
    """

    path: str
    problem: str = ""
    cause: BaseException | None = None
    is_lost: bool = False
    name: str = field(init=False)

    def __post_init__(self) -> None:
        is_module = not (self.problem or self.cause or self.is_lost)
        self.name = (is_module and module_name_of(self.path)) or shown(self.path)


def shown(path: str) -> str:
    """Return a file relative to the current folder, where it lies below it."""
    relative = os.path.relpath(path)
    return os.path.abspath(path) if relative.startswith(os.pardir) else relative


def find_modules(places: Iterable[str], golden: bool = False) -> list[ExperimentModule]:
    """Return the modules of experiments in files, below folders, and where targets lead; each once.

    Args:
        places: Files, folders, and targets.
        golden: Also find golden files in these folders whose modules are gone.

    Raises:
        TargetError: There is nothing at a place.
    """
    make_current_folder_importable()
    markers = Markers()
    found: dict[str, ExperimentModule] = {}
    for place in places:
        path = _path_of(place)
        here = [ExperimentModule(path)] if os.path.isfile(path) else markers.modules_below(path)
        lost = markers.lost_below(path) if golden and os.path.isdir(path) else ()
        for one in (*here, *lost):
            found.setdefault(os.path.realpath(one.path), one)
    return list(found.values())


class Markers:
    """The marker files of a project, each read once."""

    def __init__(self) -> None:
        self._read: dict[str, Marker | None] = {}

    def modules_below(self, folder: str) -> Iterator[ExperimentModule]:
        """Yield the modules of experiments in a folder and in those below it, by name."""
        for current, marker, files in self._walk(folder):
            if marker is not None and marker.error is not None:
                yield ExperimentModule(os.path.join(current, MARKER), cause=marker.error)
            elif marker is not None and marker.names is not None:
                yield from _named_modules(marker, files)
            elif marker is not None or self._is_below_one(current):
                yield from (
                    ExperimentModule(os.path.join(current, name)) for name in _modules(files)
                )

    def lost_below(self, folder: str) -> Iterator[ExperimentModule]:
        """Yield the golden files in folders of experiments whose modules are gone."""
        for current, marker, files in self._walk(folder):
            if marker is not None or self._is_below_one(current):
                for name in sorted(files):
                    stem, _, experiment = name.removesuffix(GOLDEN).rpartition(".")
                    if name.endswith(GOLDEN) and experiment and f"{stem}.py" not in files:
                        yield ExperimentModule(os.path.join(current, name), is_lost=True)

    def _walk(self, folder: str) -> Iterator[tuple[str, Marker | None, list[str]]]:
        """Yield a folder and those below it, each with its marker and its files."""
        for current, folders, files in os.walk(folder):
            folders[:] = sorted(name for name in folders if _is_entered(current, name))
            # Reading a pipe that is called like a module would wait for ever.
            modules = [name for name in files if name.endswith(".py")]
            pipes = {one for one in modules if not os.path.isfile(os.path.join(current, one))}
            yield current, self.marker_in(current), [one for one in files if one not in pipes]

    def marker_in(self, folder: str) -> Marker | None:
        """Return the contents of the marker file of a folder, if it has one."""
        if folder not in self._read:
            there = os.path.isfile(os.path.join(folder, MARKER))
            self._read[folder] = read_marker(folder) if there else None
        return self._read[folder]

    def _is_below_one(self, folder: str) -> bool:
        """Return whether a folder above marks those below it as experiments."""
        folder = os.path.abspath(folder)
        while os.path.dirname(folder) != folder:
            folder = os.path.dirname(folder)
            marker = self.marker_in(os.path.relpath(folder))
            if marker is not None and marker.subdirs:
                return True
        return False


def _is_entered(folder: str, name: str) -> bool:
    hidden = name.startswith(".") or name in SKIPPED
    return not hidden and not os.path.exists(os.path.join(folder, name, "pyvenv.cfg"))


def _modules(files: Iterable[str]) -> list[str]:
    """Return names of Python files, but those of Python's and our own such as `__init__.py`."""
    own = (name for name in files if name.endswith(".py"))
    return sorted(name for name in own if name[:2] != "__" or name[-5:] != "__.py")


def _named_modules(marker: Marker, files: list[str]) -> Iterator[ExperimentModule]:
    assert marker.names is not None
    for name in marker.names:
        path = os.path.join(marker.folder, f"{name}.py")
        if f"{name}.py" in files:
            yield ExperimentModule(path)
        else:
            known = [file.removesuffix(".py") for file in _modules(files)]
            marked = shown(os.path.join(marker.folder, MARKER))
            yield ExperimentModule(
                path, f"{marked}: {no_such_experiment(name, shown(marker.folder), known)}"
            )


def _path_of(place: str) -> str:
    """Return the file or folder that a path or a target means."""
    file, colon, _ = place.partition(".py:")
    path = f"{file}.py" if colon else place
    if os.path.exists(path):
        return path
    parts = place.split(".")
    if os.sep not in place and all(is_module_word(part) for part in parts):
        for root in ["", *sys.path]:
            found = _module_file(root, parts)
            if found is not None:
                return found
    raise no_such_place(place, os.getcwd(), list(_places_near(place)))


def _module_file(root: str, parts: list[str]) -> str | None:
    """Return the file of the module, or folder of the package, of a dotted name."""
    stem = os.path.join(root, *parts)
    if os.path.isdir(stem):
        return stem
    for count in range(len(parts), 0, -1):
        # What follows the name of a module are attributes of it.
        file = f"{os.path.join(root, *parts[:count])}.py"
        if os.path.isfile(file):
            return file
    return None


def _places_near(place: str) -> Iterator[str]:
    """Yield paths or dotted names, as the given one is, that are there in its folder."""
    joint = "." if os.sep not in place and not place.endswith(".py") else os.sep
    *parents, _ = place.split(joint)
    folder = os.path.join(*parents) if parents else os.curdir
    if os.path.isdir(folder):
        for name in sorted(os.listdir(folder)):
            if name[:1] not in "._":
                yield joint.join([*parents, name.removesuffix(".py") if joint == "." else name])
