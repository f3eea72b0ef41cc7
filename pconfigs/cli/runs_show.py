"""`python -m pconfigs.runs show RUN`: all that is recorded of a run."""

from __future__ import annotations

from argparse import Namespace

from pconfigs.cli.output import write, write_json
from pconfigs.reports.tables import columns
from pconfigs.runs.reading.lookup import find_run
from pconfigs.runs.reading.report import run_data, run_rows


def command(asked: Namespace) -> int:
    """Show one run."""
    run = find_run(asked.run)
    if asked.json:
        write_json(run_data(run))
        return 0
    rows = run_rows(run)
    # A name that repeats is shown once.
    shown = [
        ("" if at and rows[at - 1][0] == name else name, text)
        for at, (name, text) in enumerate(rows)
    ]
    write("\n".join(columns(shown)))
    return 0
