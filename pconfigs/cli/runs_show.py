"""`python -m pconfigs.runs show RUN`: all that is recorded of a run."""

from __future__ import annotations

from pconfigs.cli.arguments import TRACEBACK_HELP, Arguments
from pconfigs.cli.output import write, write_json
from pconfigs.reports.tables import columns
from pconfigs.runs.reading.lookup import find_run
from pconfigs.runs.reading.report import run_data, run_rows

RUN_HELP = "@ with part of its name, @NAME of an experiment (its newest), @ (the newest), a folder"


def command(words: list[str]) -> int:
    """Show one run."""
    parser = Arguments("runs show", "Show all that is recorded of a run.")
    parser.add_argument("run", metavar="RUN", help=RUN_HELP)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--traceback", action="store_true", help=TRACEBACK_HELP)
    asked = parser.parse_args(words)
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
