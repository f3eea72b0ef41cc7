"""`python -m pconfigs.runs compare A B`: what differs between two runs; exit 1 if anything does."""

from __future__ import annotations

from argparse import Namespace

from pconfigs.cli.output import write, write_json
from pconfigs.cli.terminal import styled
from pconfigs.runs.changes.comparison import Comparison
from pconfigs.runs.reading.lookup import find_run

_SIGNS = {"+": "green", "-": "red"}


def command(asked: Namespace) -> int:
    """Show what differs between two runs; return 1 if anything does."""
    comparison = Comparison(find_run(asked.before), find_run(asked.after), asked.all_code)
    if asked.json:
        write_json(comparison.data())
    else:
        write("\n".join(map(_coloured, comparison.lines())))
    return 1 if comparison else 0


def _coloured(line: str) -> str:
    sign = line[4:5]
    return styled(line, _SIGNS[sign]) if line[:4] == "    " and sign in _SIGNS else line
