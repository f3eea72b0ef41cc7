"""Roots: the folders that hold manifests, on a disk or on a remote file system."""

from __future__ import annotations

import errno
import os
import re
import shutil
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from pconfigs.artifacts.digest import files_signature
from pconfigs.artifacts.version import MANIFEST
from pconfigs.atomic_files import own_folder, read_regular, replace_own, sync_folder
from pconfigs.errors.artifacts import ArtifactError

FILES = "files"
VERSION = re.compile(r"v([1-9][0-9]{0,8}|0)")
"""Counting never gets to a larger number: a folder with one was made by other means."""
_LARGEST = 999_999_999

Describe = Callable[[str, str, str], Mapping[str, bytes]]
"""Called with a version, and where its copied files are in its folder with their signature ("" if
none are copied); returns the contents of its files by name, the manifest last."""


class Root(Protocol):
    """A folder of artifacts; places in it are relative, with `/`."""

    @property
    def place(self) -> str:
        """Where it is: a path, or a URL."""
        ...

    def entries(self, folder: str) -> list[str]:
        """Return the names of what is in a folder; none where it is missing."""
        ...

    def read(self, file: str) -> bytes | None:
        """Return the content of a file; None where it is missing."""
        ...

    def write(self, file: str, content: bytes) -> None:
        """Replace a file, in one step."""
        ...

    def has(self, file: str) -> bool:
        """Return whether a file is there."""
        ...

    def publish(self, name: str, copied: Path | None, describe: Describe) -> str:
        """Make the next version of an artifact, which no other process makes, and return it.

        A reader sees it whole or not at all: until its manifest is there, it is not a version.

        Args:
            name: Of the artifact.
            copied: A file or a folder that is copied into the folder of the version; None for none.
            describe: Returns the files that describe the version.
        """
        ...


class LocalRoot(Root):
    """A folder on a disk.

    A version is written into a draft folder, and renamed; two processes never get the same number,
    because renaming onto a folder that is there fails.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def place(self) -> str:
        return str(self.folder)

    def entries(self, folder: str) -> list[str]:
        try:
            return os.listdir(self.folder / folder)
        except OSError as error:
            _nothing(error)
            return []

    def read(self, file: str) -> bytes | None:
        try:
            return read_regular(str(self.folder / file))
        except OSError as error:
            _nothing(error)
            return None

    def write(self, file: str, content: bytes) -> None:
        path = self.folder / file
        self._made(path.parent)
        replace_own(str(path), content)

    def has(self, file: str) -> bool:
        return os.path.isfile(self.folder / file)

    def _made(self, folder: Path) -> None:
        """Make a folder below this one; links in its place lead elsewhere, and are refused."""
        self.folder.mkdir(parents=True, exist_ok=True)
        own_folder(str(self.folder), *folder.relative_to(self.folder).parts)

    def publish(self, name: str, copied: Path | None, describe: Describe) -> str:
        home = self.folder / name
        self._made(home)
        draft = home / f".draft-{uuid.uuid4().hex}"
        draft.mkdir()
        try:
            own = "" if copied is None else _copy(copied, draft)
            signature = files_signature(draft / own) if own else ""
            while True:
                version = f"v{next_number(self, name)}"
                for file, content in describe(version, own, signature).items():
                    (draft / file).write_bytes(content)
                try:
                    draft.rename(home / version)
                except OSError:
                    if not (home / version).exists():
                        raise
                else:
                    return version
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def next_number(root: Root, name: str) -> int:
    """Return one more than the highest folder, whether or not that is complete.

    Raises:
        ArtifactError: The highest has the largest number.
    """
    highest = max(_numbers(root, name), default=0)
    if highest >= _LARGEST:
        raise ArtifactError(
            f"{name}: no version can follow v{highest}\n    remove {root.place}/{name}/v{highest}"
        )
    return highest + 1


def complete_versions(root: Root, name: str) -> list[str]:
    """Return the versions that have a manifest, oldest first."""
    # Another program may make a folder before it writes its manifest.
    numbered = (f"v{number}" for number in sorted(_numbers(root, name)))
    return [version for version in numbered if root.has(f"{name}/{version}/{MANIFEST}")]


def newest_version(root: Root, name: str) -> str:
    """Return the highest version that has a manifest; "" where there is none."""
    for number in sorted(_numbers(root, name), reverse=True):
        if root.has(f"{name}/v{number}/{MANIFEST}"):
            return f"v{number}"
    return ""


def _numbers(root: Root, name: str) -> list[int]:
    found = map(VERSION.fullmatch, root.entries(name))
    return [int(match[1]) for match in found if match]


def _copy(path: Path, draft: Path) -> str:
    """Copy files into a draft; return where they are in it."""
    into = draft / FILES
    own = FILES
    into.mkdir()
    if path.is_file():
        shutil.copy2(path, into / path.name)
        own = f"{FILES}/{path.name}"
    else:
        _copy_folder(path, into)
    sync_folder(str(into))
    return own


def _copy_folder(source: Path, into: Path) -> None:
    """Copy what is in a folder, empty folders too; what a link to a file leads to, as a file."""
    with os.scandir(source) as entries:
        for entry in entries:
            place = into / entry.name
            if entry.is_dir(follow_symlinks=False):
                place.mkdir()
                _copy_folder(source / entry.name, place)
            elif entry.is_dir():
                place.symlink_to(os.readlink(entry.path), target_is_directory=True)
            else:
                shutil.copy2(entry.path, place)


def _nothing(error: OSError) -> None:
    """Return None where an error means that no such file is there, or can be; else raise it."""
    if error.errno not in (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP):
        raise error
