"""Captured output: what modules print when imported is kept from the terminal."""

from __future__ import annotations

import io
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, TextIO


class Swallowed:
    """While it is entered, nothing that is written to stdout or stderr gets out.

    What Python writes is caught, and what processes and libraries write to the file descriptors.

    Attributes:
        printed: Whether anything was written, once it is left.
    """

    def __init__(self) -> None:
        self.printed = False

    def __enter__(self) -> Swallowed:  # noqa: PYI034
        from tempfile import TemporaryFile

        self._streams: tuple[TextIO | None, TextIO | None] = (sys.stdout, sys.stderr)
        for stream in self._streams:
            if stream is not None and not stream.closed:
                stream.flush()
        self._file: IO[bytes]
        try:
            self._file = TemporaryFile()
        except OSError:
            # A full disk, or no folder to write to: what processes print is lost, and not noticed.
            self._file = open(os.devnull, "r+b")
        # Processes write to descriptors; a stream of Python need not have one. So both are taken.
        self._kept = [(number, os.dup(number)) for number in (1, 2) if _is_open(number)]
        for number, _ in self._kept:
            os.dup2(self._file.fileno(), number)
        sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
        return self

    def __exit__(self, *raised: object) -> None:
        texts = [stream for stream in (sys.stdout, sys.stderr) if isinstance(stream, io.StringIO)]
        sys.stdout, sys.stderr = self._streams
        for number, kept in self._kept:
            os.dup2(kept, number)
            os.close(kept)
        written = self._file.seek(0, os.SEEK_END) > 0
        self._file.close()
        self.printed = written or any(stream.getvalue() for stream in texts)


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
