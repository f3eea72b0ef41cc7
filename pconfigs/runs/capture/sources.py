"""Sources: the files of a project's modules that a process has imported, each content kept once."""

from __future__ import annotations

import os
import sys
from zipimport import ZipImportError, zipimporter

from pconfigs.atomic_files import own_folder, read_regular
from pconfigs.runs.folder import replace
from pconfigs.serialization.fingerprint import hex_digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

LIBRARY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))) + os.sep
PYTHON = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
PACKAGES = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")

CODE = ".code"
"""Folder of a store with the sources that runs have imported."""
SNAPSHOTS = ".snapshots"
"""Folder of a store with the code that launched runs use."""


def is_project_file(path: str) -> bool:
    """Return whether a file is neither Python's, nor an installed package's, nor this library's."""
    if path.startswith((LIBRARY, "<")) or not path.endswith(".py"):
        return False
    if PACKAGES[0] in path or PACKAGES[1] in path:
        return False
    return not path.startswith(PYTHON)


def imported_files() -> dict[str, str]:
    """Return the project's files that are imported now: module name by absolute path."""
    found: dict[str, str] = {}
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__dict__", {}).get("__file__")
        if isinstance(path, str) and is_project_file(path):
            found.setdefault(os.path.abspath(path), name)
    return found


def read_source(path: str) -> bytes:
    """Return the content of a file, which may be in a zip file.

    Raises:
        OSError: It cannot be read.
    """
    try:
        return read_regular(path)
    except NotADirectoryError as error:
        try:
            return zipimporter(os.path.dirname(path)).get_data(path)
        except ZipImportError:
            raise error from None


class Sources:
    """The sources of a run: read once each, and kept in the store.

    Args:
        store_folder: Where the store is.
        project: Folder that paths are relative to.
    """

    def __init__(self, store_folder: str, project: str) -> None:
        self._folder, self._project = store_folder, project
        self._seen: dict[str, dict[str, str]] = {}

    def files(self) -> dict[str, dict[str, str]]:
        """Return module and content digest by path, of all files imported until now.

        A file keeps the content that it had when it was first seen.
        """
        for path, module in imported_files().items():
            if path not in self._seen:
                try:
                    content = read_source(path)
                except OSError:
                    continue  # gone since it was imported
                self._seen[path] = {"module": module, "content": self._keep(content)}
        return {self.shown(path): facts for path, facts in sorted(self._seen.items())}

    def shown(self, path: str) -> str:
        """Return a path relative to the project with `/` where it lies in it."""
        copies = os.path.join(self._folder, SNAPSHOTS) + os.sep
        if path.startswith(copies):  # a launched run: named as in the project
            return path[len(copies) :].partition(os.sep)[2].replace(os.sep, "/")
        start = self._project + os.sep
        return path[len(start) :].replace(os.sep, "/") if path.startswith(start) else path

    def _keep(self, content: bytes) -> str:
        """Return the digest of `content`, which the store holds from now on."""
        digest = hex_digest(content)
        path = stored_path(self._folder, digest)
        if not os.path.exists(path):
            own_folder(self._folder, CODE, digest[:2])
            replace(path, content)
        return digest

    def functions(self, codes: Iterable[Any]) -> dict[str, list[list[Any]]]:
        """Return names and first lines of functions that ran, by path of their file."""
        found: dict[str, set[tuple[int, str]]] = {}
        for code in codes:
            if is_project_file(code.co_filename) and code.co_name != "<module>":
                path = self.shown(os.path.abspath(code.co_filename))
                found.setdefault(path, set()).add((code.co_firstlineno, code.co_qualname))
        return {
            path: [[name, line] for line, name in sorted(functions)]
            for path, functions in sorted(found.items())
        }


def stored_path(store_folder: str, digest: str) -> str:
    """Return the path of a kept content."""
    return os.path.join(store_folder, CODE, digest[:2], digest[2:])


def code_digest(files: dict[str, dict[str, str]]) -> str:
    """Return one digest of all files by path and content."""
    lines = (f"{path} {facts['content']}\n" for path, facts in sorted(files.items()))
    return hex_digest("".join(lines).encode("utf-8", "surrogatepass"))
