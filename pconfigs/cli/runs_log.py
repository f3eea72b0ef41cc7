"""`python -m pconfigs.runs log RUN`: what a run has printed."""

from __future__ import annotations

import os
import re
import sys
import time
from argparse import Namespace
from codecs import getincrementaldecoder
from contextlib import suppress

from pconfigs.atomic_files import regular
from pconfigs.cli.output import print_error, write_json
from pconfigs.errors.base import without_controls
from pconfigs.errors.targets import UsageError
from pconfigs.runs.folder import LOG, of_rank
from pconfigs.runs.reading.lookup import find_run
from pconfigs.runs.status import RUNNING

INTERVAL = 0.25
_KEPT = re.compile(r"(\x1b\[[0-9;:]*m|\r)")
_BROKEN = re.compile(r"\x1b(\[[0-9;:]{0,40})?\Z")


def command(asked: Namespace) -> int:
    """Write the log of a run to stdout; with `-f`, until the run has ended."""
    record = find_run(asked.run).record
    path = record.file(of_rank(LOG, asked.rank))
    if asked.json and asked.follow:
        raise UsageError("runs log", "--json and --follow exclude each other")
    if not os.path.exists(path) and not asked.follow:
        print_error(f"{record.shown}: nothing was printed by rank {asked.rank}")
        return 0
    if asked.json:
        with open(path, encoding="utf-8", errors="replace", opener=regular) as file:
            write_json(file.read().splitlines())
        return 0
    output = _Output(path)
    while True:
        # The state is read before the rest of the log, so that nothing is missed.
        ended = record.status().state != RUNNING
        output.write_rest(final=ended or not asked.follow)
        if ended or not asked.follow:
            return 0
        time.sleep(INTERVAL)


class _Output:
    """A log on stdout: as it is, and for a terminal without what controls that.

    Colours and returns to the start of a line stay, as progress bars use them.
    """

    def __init__(self, path: str) -> None:
        self._path, self._position = path, 0
        self._cleans = sys.stdout.isatty()
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._held = ""

    def write_rest(self, *, final: bool) -> None:
        """Write what has been added to the log."""
        with suppress(FileNotFoundError), open(self._path, "rb", opener=regular) as file:
            file.seek(self._position)
            for piece in iter(lambda: file.read(1 << 16), b""):
                sys.stdout.buffer.write(self._cleaned(piece) if self._cleans else piece)
            self._position = file.tell()
        if final:
            sys.stdout.buffer.write(self._encoded(without_controls(self._held)))
        sys.stdout.flush()

    def _cleaned(self, piece: bytes) -> bytes:
        # A colour that is not whole yet is held until the rest of it is read.
        text = self._held + self._decoder.decode(piece)
        broken = _BROKEN.search(text)
        end = broken.start() if broken else len(text)
        self._held = text[end:]
        parts = _KEPT.split(text[:end])
        parts[::2] = map(without_controls, parts[::2])
        return self._encoded("".join(parts))

    def _encoded(self, text: str) -> bytes:
        return text.encode(sys.stdout.encoding, "backslashreplace")
