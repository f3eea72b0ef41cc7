"""`python -m pconfigs.runs log RUN`: what a run has printed."""

from __future__ import annotations

import os
import sys
import time

from pconfigs.atomic_files import regular
from pconfigs.cli.arguments import TRACEBACK_HELP, Arguments
from pconfigs.cli.output import print_error, write_json
from pconfigs.cli.runs_show import RUN_HELP
from pconfigs.errors.targets import UsageError
from pconfigs.runs.reading.lookup import find_run
from pconfigs.runs.status import RUNNING
from pconfigs.runs.streams import log_name

INTERVAL = 0.25


def command(words: list[str]) -> int:
    """Write the log of a run to stdout; with `-f`, until the run has ended."""
    parser = Arguments("runs log", "Show what a run has printed.")
    parser.add_argument("run", metavar="RUN", help=RUN_HELP)
    parser.add_argument("-f", "--follow", action="store_true", help="go on until the run has ended")
    parser.add_argument("--rank", type=int, default=0, metavar="N", help="of that rank")
    parser.add_argument("--json", action="store_true", help="as JSON, a list of lines")
    parser.add_argument("--traceback", action="store_true", help=TRACEBACK_HELP)
    asked = parser.parse_args(words)
    record = find_run(asked.run).record
    path = record.file(log_name(asked.rank))
    if asked.json and asked.follow:
        raise UsageError("runs log", "--json and --follow exclude each other")
    if not os.path.exists(path) and not asked.follow:
        print_error(f"{record.shown}: nothing was printed by rank {asked.rank}")
        return 0
    if asked.json:
        with open(path, encoding="utf-8", errors="replace", opener=regular) as file:
            write_json(file.read().splitlines())
        return 0
    position = 0
    while True:
        # The state is read before the rest of the log, so that nothing is missed.
        ended = record.status().state != RUNNING
        position = _write_from(path, position)
        if ended or not asked.follow:
            return 0
        time.sleep(INTERVAL)


def _write_from(path: str, position: int) -> int:
    """Write what a file holds from a position on; return where it ends."""
    try:
        with open(path, "rb", opener=regular) as file:
            file.seek(position)
            for piece in iter(lambda: file.read(1 << 16), b""):
                sys.stdout.buffer.write(piece)
            sys.stdout.flush()
            return file.tell()
    except FileNotFoundError:
        return position
