"""Known digests: large files whose content was read before are not read again.

A digest is known by what changes with any write: device, inode, size and both times of a file. A
program can set the time of modification, and no program the time of the last change. A file that
has just been written is not noted: a second write in the same tick of its clock would not show.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable

from pconfigs.atomic_files import cache_folder, read_regular, replace_file

SMALLEST = 1 << 22
"""Bytes of a file from which on its digest is noted: reading less takes milliseconds."""
SETTLED = 60.0
"""Seconds since the last change of a file whose digest is noted, whatever a server's clock is."""
LARGEST = 1 << 20
"""Bytes of the list of digests; the newer half is kept when there are more."""


def known_or_read(number: int, read: Callable[[], str]) -> str:
    """Return the digest of an open file, by its number: that known, or what `read` returns."""
    before = os.fstat(number)
    if before.st_size < SMALLEST:
        return read()
    key, path = _key(before), os.path.join(cache_folder(), "pconfigs", "digests")
    text = _text(path)
    known = _find(text, key)
    if known:
        return known
    started = time.time()
    digest = read()
    after = os.fstat(number)
    if _key(after) == key and max(after.st_mtime, after.st_ctime) < started - SETTLED:
        _note(path, text, _line(key, digest))
    return digest


def _key(facts: os.stat_result) -> str:
    times = f"{facts.st_mtime_ns} {facts.st_ctime_ns}"
    return f"{facts.st_dev} {facts.st_ino} {facts.st_size} {times}"


def _line(key: str, digest: str) -> str:
    """Return a line with a checksum: two that were written into each other have another."""
    return f"{key} {digest} {hashlib.sha256(f'{key} {digest}'.encode()).hexdigest()[:16]}\n"


def _text(path: str) -> str:
    try:
        return read_regular(path).decode("ascii", "replace")
    except OSError:
        return ""


def _find(text: str, key: str) -> str:
    """Return the digest of a key in a list of digests; "" where it has none."""
    at = f"\n{text}".rfind(f"\n{key} ")
    if at < 0:
        return ""
    digest = text[at + len(key) + 1 :].partition(" ")[0]
    return digest if text.startswith(_line(key, digest), at) else ""


def _note(path: str, text: str, line: str) -> None:
    """Add a line in one write; a folder that cannot be written costs time only."""
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if len(text) > LARGEST:
            replace_file(path, text[len(text) // 2 :].partition("\n")[2].encode("ascii", "replace"))
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(number, line.encode())
        finally:
            os.close(number)
    except OSError:
        pass
