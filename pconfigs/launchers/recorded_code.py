"""The code of a recorded run as a folder that can be imported.

The files that the run imported are those of then, kept in the store; everything else, such as data
files next to them, is that of the project today.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from pconfigs.atomic_files import own_folder
from pconfigs.errors.runs import SnapshotError
from pconfigs.launchers.snapshots import DIGITS, drafted, take_snapshot
from pconfigs.runs.capture.sources import SNAPSHOTS, code_digest, stored_path
from pconfigs.runs.folder import CODE_FILE
from pconfigs.runs.reading.runs import Run


def recorded_code_folder(run: Run, project: str) -> str:
    """Return a folder with the code of a run, made where it is missing.

    Raises:
        SnapshotError: The project is too large to be copied, or its code is in a zip file.
    """
    store = run.record.store_folder
    code = run.record.read(CODE_FILE) or {}
    files: dict[str, dict[str, str]] = code.get("files", {})
    _refuse_outside(run, files)
    today = Path(take_snapshot(project, store))
    folder = Path(store, SNAPSHOTS, f"{today.name}-{code_digest(files)[:DIGITS]}")
    if folder.is_dir():
        os.utime(folder)  # in use: runs clean leaves it
        return str(folder)
    own_folder(store, SNAPSHOTS)
    with drafted(folder) as draft:
        shutil.copytree(today, draft, copy_function=os.link)
        for path, facts in files.items():
            if os.path.isabs(path):
                continue  # of a library outside the project
            target = draft / path
            if any(one.is_file() for one in target.parents):
                raise SnapshotError(
                    f"the code of {run.id} must be in folders to be imported again, got {path}\n"
                    "    run it with today's code: --accept-changes"
                )
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)  # a link: its content is that of the other snapshot, too
            shutil.copyfile(stored_path(store, facts["content"]), target)
    return str(folder)


def _refuse_outside(run: Run, files: Mapping[str, Mapping[str, str]]) -> None:
    """Refuse code that would be written, or read, outside of the store, as no run records it."""
    for path, facts in files.items():
        if ".." in Path(path).parts or not (_is_name(path) and facts["content"].isalnum()):
            raise SnapshotError(
                f"the code of {run.id} must be in its project to be imported again, got {path!r}\n"
                "    run it with today's code: --accept-changes"
            )


def _is_name(path: str) -> bool:
    """Return whether a file can have this path."""
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False
