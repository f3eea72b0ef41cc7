"""Digests: one SHA-256 of the names and contents of files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from pconfigs.artifacts.known_digests import known_or_read
from pconfigs.atomic_files import regular

_BLOCK = 1 << 20  # bytes read at a time


def content_digest(path: Path) -> str:
    """Return `sha256:...` of a file, or of all files below a folder with their relative names.

    Empty folders, permissions and times do not count. A link to a file counts as the file, a link
    to a folder as the path that it names: following it could lead outside, or in a cycle.

    Raises:
        FileNotFoundError: There is nothing at the path.
        OSError: A file is a device, a FIFO or a socket.
    """
    if path.is_file():
        return f"sha256:{_file_digest(str(path))}"
    return _combined(
        (name, f"link:{os.readlink(file)}" if os.path.isdir(file) else _file_digest(file))
        for name, file in sorted(_files_below(str(path)))
    )


def stream_digest(files: Iterable[tuple[str, IO[bytes]]]) -> str:
    """Return the same of files that are open, sorted by their names; "" names a single file."""
    held = [(name, _stream_digest(file)) for name, file in files]
    return f"sha256:{held[0][1]}" if held[0][0] == "" else _combined(held)


def _combined(held: Iterable[tuple[str, str]]) -> str:
    whole = hashlib.sha256()
    for name, digest in held:
        whole.update(f"{len(name)}:{name}\0{digest}\n".encode("utf-8", "surrogateescape"))
    return f"sha256:{whole.hexdigest()}"


def files_signature(path: Path) -> str:
    """Return a short string that changes when a file is added, removed, resized or written to.

    Contents are not read, so it is quick for any size; the same string does not prove that they are
    the same where a program sets the times of files.
    """
    files = [("", str(path))] if path.is_file() else sorted(_files_below(str(path)))
    whole = hashlib.sha256()
    for name, file in files:
        try:
            facts = os.lstat(file) if os.path.isdir(file) else os.stat(file)
        except FileNotFoundError:
            continue  # a link whose file is gone
        line = f"{len(name)}:{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n"
        whole.update(line.encode("utf-8", "surrogateescape"))
    return whole.hexdigest()[:16]


def _files_below(folder: str) -> Iterator[tuple[str, str]]:
    """Yield relative name and path of each file below a folder, and of each link to a folder."""
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        with os.scandir(os.path.join(folder, inside)) as entries:
            for entry in entries:
                name = f"{inside}{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{name}/")
                else:
                    yield name, os.path.join(folder, name)


def _file_digest(path: str) -> str:
    with open(path, "rb", opener=regular) as file:
        return known_or_read(file.fileno(), lambda: _stream_digest(file))


def _stream_digest(file: IO[bytes]) -> str:
    found = hashlib.sha256()
    while block := file.read(_BLOCK):
        found.update(block)
    return found.hexdigest()
