"""Stores: where runs are kept, and how a folder of one is claimed."""

from __future__ import annotations

import json
import os
import stat
import time
from errno import EFBIG

from pconfigs import errors
from pconfigs.atomic_files import own_folder, read_regular
from pconfigs.errors.formatting import shorten, shown_file
from pconfigs.runs.folder import number_in, put, replace
from pconfigs.runs.location import STORE_FILE, store_folder
from pconfigs.runs.reading.shapes import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = 1
CLAIMS, CODE, SMOKE = ".claims", ".code", ".smoke"
CLAIM_AGE = 60.0
"""Seconds after which an empty folder that another program left is taken over."""


class Store:
    """A folder of runs.

    Attributes:
        folder: Its absolute path.
        schema: Version of its layout.
    """

    __slots__ = ("folder", "schema")

    def __init__(self, folder: str, schema: int = SCHEMA) -> None:
        self.folder, self.schema = folder, schema

    @property
    def shown(self) -> str:
        """The folder as a user would type it here."""
        return shown_file(self.folder)

    def names(self, smoke: bool = False) -> list[str]:
        """Return the names of the folders of runs, in no order; empty folders included."""
        folder = self.runs_folder(smoke)
        try:
            with os.scandir(folder) as entries:
                return [e.name for e in entries if e.name[0] != "." and e.is_dir()]
        except FileNotFoundError:
            return []

    def runs_folder(self, smoke: bool = False) -> str:
        """Return the folder that holds the folders of runs."""
        return os.path.join(self.folder, SMOKE) if smoke else self.folder

    def refuse_newer(self) -> None:
        """Raise StoreError where a newer version of the library made the store."""
        if self.schema > SCHEMA:
            raise errors.StoreError(
                self.shown,
                f"the store has schema {self.schema}, and this version writes schema {SCHEMA}",
                "upgrade pconfigs, or name another store: [tool.pconfigs] runs = ...",
            )

    def claim(
        self,
        stem: str,
        files: Mapping[str, bytes],
        *,
        number: int | None = None,
        smoke: bool = False,
    ) -> str | None:
        """Claim a folder `<stem>.<n>` that holds `files`; return its path.

        The folder is drafted elsewhere and renamed, so it is never seen without its files.

        Args:
            stem: Name of the run with its fingerprint.
            files: Contents by name relative to the folder; a name that ends in `/` is a folder.
            number: Claim this number only; None is returned where it is taken.
            smoke: Whether it is the folder of a smoke run.

        Raises:
            StoreError: The store cannot be written, or is of a newer schema.
        """
        self.refuse_newer()
        folder = self.runs_folder(smoke)
        draft = os.path.join(self.folder, CLAIMS, f"{os.getpid()}-{time.monotonic_ns()}")
        try:
            os.makedirs(self.folder, exist_ok=True)
            own_folder(self.folder, CLAIMS)
            if smoke:
                own_folder(self.folder, SMOKE)
            _write_draft(draft, files)
            wanted = number if number is not None else _next_number(folder, stem)
            while True:
                path = os.path.join(folder, f"{stem}.{wanted}")
                if _publish(draft, path):
                    return path
                if number is not None:
                    _remove_draft(draft)
                    return None
                wanted += 1
        except OSError as error:
            _remove_draft(draft)
            place = error.filename2 or error.filename or folder
            if place == draft:
                place = os.path.dirname(draft)
            # Of what is in the draft, users know the folder that it was to become.
            shown = shown_file(place.replace(draft, os.path.join(folder, stem)))
            remedy = "raise ulimit -f" if error.errno == EFBIG else "free or permit the folder"
            raise errors.StoreError(
                self.shown,
                f"a run cannot be recorded: {shown}: {error.strerror}",
                f"{remedy}, or run it with --no-record",
            ) from error


def _write_draft(draft: str, files: Mapping[str, bytes]) -> None:
    os.makedirs(draft)
    for name, content in files.items():
        path = os.path.join(draft, name)
        if "/" in name:
            os.makedirs(os.path.dirname(path), exist_ok=True)
        if name.endswith("/"):
            continue
        put(path, content)


def _remove_draft(draft: str) -> None:
    for folder, folders, files in os.walk(draft, topdown=False):
        for name in files:
            os.unlink(os.path.join(folder, name))
        for name in folders:
            os.rmdir(os.path.join(folder, name))
    if os.path.isdir(draft):
        os.rmdir(draft)


def _publish(draft: str, path: str) -> bool:
    """Rename a draft to `path`; return False where that name is taken."""
    try:
        # An empty folder is a claim that another program may still be filling.
        found = os.stat(path)
        age = time.time() - found.st_mtime
        if not stat.S_ISDIR(found.st_mode) or age < CLAIM_AGE or os.listdir(path):
            return False
    except FileNotFoundError:
        pass
    try:
        os.rename(draft, path)
    except OSError:
        # A folder that holds anything is never replaced by a renaming.
        if os.path.lexists(path) and os.path.isdir(draft):
            return False
        raise
    return True


def _next_number(folder: str, stem: str) -> int:
    """Return the number after the largest that is taken."""
    start = f"{stem}."
    if not os.path.lexists(os.path.join(folder, f"{start}1")):
        return 1
    taken = [name[len(start) :] for name in os.listdir(folder) if name.startswith(start)]
    # All of them may have been removed meanwhile.
    return max(map(number_in, taken), default=0) + 1


def find_store() -> Store | None:
    """Return the project's store, or None where nothing is recorded.

    A store that pyproject.toml names is made where it is missing.

    Raises:
        StoreError: It cannot be read or made.
        SettingsError: pyproject.toml cannot be read.
    """
    folder = store_folder()
    return None if folder is None else make_store(folder)


def open_store(folder: str) -> Store:
    """Return the store in a folder.

    Raises:
        StoreError: Its store.json cannot be read.
    """
    path = os.path.join(folder, STORE_FILE)
    try:
        schema = parse(read_regular(path), STORE_FILE).get("schema")
        if type(schema) is not int:
            raise ValueError(f"schema must be int, got {shorten(schema)}")
    except (OSError, ValueError) as error:
        raise errors.StoreError(shown_file(path), f"the store cannot be read: {error}") from error
    return Store(os.path.abspath(folder), schema)


def make_store(folder: str) -> Store:
    """Return the store in a folder, created where it is missing.

    Raises:
        StoreError: It cannot be written.
    """
    path = os.path.join(folder, STORE_FILE)
    if os.path.isfile(path):
        return open_store(folder)
    try:
        os.makedirs(folder, exist_ok=True)
        replace(os.path.join(folder, ".gitignore"), b"*\n")
        facts = {"schema": SCHEMA, "created": round(time.time(), 3)}
        replace(path, f"{json.dumps(facts)}\n".encode())
    except OSError as error:
        place = shown_file(str(error.filename))
        problem = f"a store cannot be made: {place}: {error.strerror}"
        raise errors.StoreError(shown_file(folder), problem) from error
    return Store(os.path.abspath(folder))
