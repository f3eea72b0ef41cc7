"""Snapshots: the code of a project as it is when runs are launched.

A snapshot holds every file that git knows or would add; without git every file that is neither
hidden nor of an environment. It is named after its content, so that launches of the same code share
it, and is read-only, because runs that start later must find what was there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from os.path import exists
from pathlib import Path
from secrets import token_hex

from pconfigs.atomic_files import named, own_folder
from pconfigs.errors.runs import SnapshotError
from pconfigs.runs.capture.sources import SNAPSHOTS

LIMIT = 100_000_000
"""Bytes that a snapshot may have."""
DIGITS = 12
_SKIPPED = {"__pycache__", "node_modules", "site-packages", "dist-packages"}
_SHOWN = 5


def take_snapshot(project: str, store_folder: str) -> str:
    """Copy the code of a project into its store; return the folder of the copy.

    Raises:
        SnapshotError: The files have more than `LIMIT` bytes; the largest are named. Or nothing can
            be imported from the store.
    """
    if os.pathsep in store_folder:  # PYTHONPATH has no way to escape it
        raise SnapshotError(
            f"the store must be in a folder without {os.pathsep!r}, got {store_folder}\n"
            "    rename the folder, or name another store: PCONFIGS_STORE=..."
        )
    root = Path(project).resolve()
    files = sorted(_files(root, Path(store_folder).resolve()))
    _refuse_large(root, files)
    digest = sha256()
    contents: list[tuple[Path, bytes, int]] = []
    for path in files:
        try:
            content, mode = (root / path).read_bytes(), (root / path).stat().st_mode
        except OSError:
            continue  # removed meanwhile, a broken link, or not readable: its import reports that
        mode &= 0o555
        line = f"{path.as_posix()}\0{mode:o}\0{len(content)}\0"
        digest.update(line.encode("utf-8", "surrogateescape"))
        digest.update(content)
        contents.append((path, content, mode))
    folder = Path(store_folder, SNAPSHOTS, digest.hexdigest()[:DIGITS])
    if folder.is_dir():
        os.utime(folder)  # in use: runs clean leaves it
    else:
        own_folder(store_folder, SNAPSHOTS)
        _write(folder, contents)
    return str(folder)


def import_path(project: str, snapshot: str) -> list[str]:
    """Return what PYTHONPATH must be for the snapshot to be imported in place of the project."""
    root = Path(project).resolve()
    found: list[str] = []
    for entry in sys.path:
        path = Path(entry).resolve()
        if path.is_relative_to(root):
            copy = Path(snapshot, path.relative_to(root))
            # The entry may be a zip file, or a folder in one.
            if copy.exists() or any(map(Path.is_file, copy.parents)):
                found.append(str(copy))
            elif any(map(Path.is_file, (path, *path.parents))):
                found.append(str(path))  # git ignores it: it is not copied
    before = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    kept = [entry for entry in before if not Path(entry).resolve().is_relative_to(root)]
    return list(dict.fromkeys([*found, snapshot, *kept]))


def _files(root: Path, store: Path) -> Iterator[Path]:
    """Yield the files of a project, relative to its folder."""
    listed = _known_to_git(root)
    for path in _walked(root) if listed is None else listed:
        whole = root / path
        if whole.is_relative_to(store):
            continue
        if whole.is_dir():  # a submodule, of which git lists the folder only
            yield from (path / inner for inner in _files(whole, store))
        elif whole.is_file():
            yield path


def _known_to_git(root: Path) -> list[Path] | None:
    """Return files that are tracked, or neither tracked nor ignored; None outside a repository."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, timeout=60, check=False)
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return None
    if done.returncode:
        return None
    names = done.stdout.decode("utf-8", "surrogateescape").split("\0")
    return [Path(name) for name in dict.fromkeys(names) if name]


def _walked(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        folders[:] = [
            name
            for name in folders
            # A folder that may not be looked into is left out by `walk`.
            if name[0] != "." and name not in _SKIPPED and not exists(here / name / "pyvenv.cfg")
        ]
        for name in names:
            if name[0] != "." and not name.endswith(".pyc"):
                yield (here / name).relative_to(root)


def _refuse_large(root: Path, files: Sequence[Path]) -> None:
    sizes: dict[Path, int] = {}
    for path in files:
        with suppress(FileNotFoundError):  # removed meanwhile, as drafts of running programs are
            sizes[path] = (root / path).stat().st_size
    total = sum(sizes.values())
    if total <= LIMIT:
        return
    largest = sorted(sizes, key=lambda path: sizes[path], reverse=True)[:_SHOWN]
    lines = [f"{sizes[path] / 1e6:10.1f} MB  {path.as_posix()}" for path in largest]
    problem = f"the code of {root} must have at most {LIMIT / 1e6:g} MB to be copied"
    raise SnapshotError(
        "\n".join(
            [f"{problem}, got {total / 1e6:.1f} MB", *lines]
            + ["    ignore what is not code in .gitignore, or move it out of the project"]
        )
    )


def _write(folder: Path, contents: Sequence[tuple[Path, bytes, int]]) -> None:
    with drafted(folder) as draft:
        draft.mkdir(parents=True, exist_ok=True)
        for path, content, mode in contents:
            target = draft / path
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                target.write_bytes(content)
            except OSError as error:
                raise named(error, str(folder / path)) from error
            target.chmod(mode)


@contextmanager
def drafted(folder: Path) -> Generator[Path]:
    """Give a name to fill a folder under, and move that to its place: it is never seen incomplete.

    It is removed where filling fails, or another process was faster.
    """
    draft = folder.parent / f".{folder.name}.{token_hex(4)}"
    try:
        yield draft
        try:
            draft.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
