"""The code of a run, as the store keeps it, and the code of today."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from pconfigs.imports.source_files import SKIPPED
from pconfigs.runs.capture.sources import read_source, stored_path
from pconfigs.runs.changes.code_changes import CodeState
from pconfigs.runs.folder import CODE_FILE
from pconfigs.runs.location import project_folder
from pconfigs.runs.reading.run_facts import RunFacts

_MOST = 5000


class RecordedCode:
    """The code of a run.

    Attributes:
        files: Digests of contents by path.
        modules: Names of modules by path.
        ran: Names and first lines of the functions that ran, by path; None where that is unknown.
        state: The sources.
    """

    def __init__(self, code: Mapping[str, Any], store_folder: str) -> None:
        files: dict[str, dict[str, str]] = code.get("files", {})
        self.files = {path: facts["content"] for path, facts in files.items()}
        self.modules = {path: facts["module"] for path, facts in files.items() if facts["module"]}
        self.ran: dict[str, list[tuple[str, int]]] | None = None
        if code.get("traced"):
            functions = code.get("functions", {}).items()
            self.ran = {path: [(name, line) for name, line in found] for path, found in functions}
        self._store_folder = store_folder
        self.state = CodeState(self._text, lambda: list(self.files))

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for runs whose code is the same in all that counts."""
        ran = self.ran
        functions = None if ran is None else tuple((path, *ran[path]) for path in sorted(ran))
        return tuple(sorted(self.files.items())), functions

    def _text(self, path: str) -> str | None:
        digest = self.files.get(path)
        return None if digest is None else _stored_text(stored_path(self._store_folder, digest))


def code_of(run: RunFacts) -> RecordedCode:
    """Return the code of a run."""
    return RecordedCode(run.record.read_whole(CODE_FILE), run.record.store_folder)


def _read(path: str) -> str | None:
    try:
        text = read_source(path).decode("utf-8", "replace")
    except OSError:
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


_stored_text = lru_cache(maxsize=4096)(_read)


def today(store_folder: str) -> CodeState:
    """Return the code of the project as it is now; each file is read once."""
    project = project_folder()

    @cache
    def text(path: str) -> str | None:
        return _read(os.path.join(project, path))

    @cache
    def files() -> Sequence[str]:
        return _python_files(project, store_folder)

    return CodeState(text, files)


def _python_files(project: str, store_folder: str) -> list[str]:
    """Return paths of the Python files of a project in order, `_MOST` or a few more."""
    found: list[str] = []
    for folder, folders, names in os.walk(project):
        folders[:] = [
            name
            for name in folders
            if name[0] != "."
            and name not in SKIPPED
            and os.path.join(folder, name) != store_folder
            and not os.path.exists(os.path.join(folder, name, "pyvenv.cfg"))
        ]
        start = os.path.relpath(folder, project)
        inside = "" if start == os.curdir else f"{start}{os.sep}"
        found += [f"{inside}{name}".replace(os.sep, "/") for name in names if name.endswith(".py")]
        if len(found) > _MOST:
            break
    return sorted(found)
