"""`python -m pconfigs.runs compare A B`: what differs between two runs; exit 1 if anything does."""

from __future__ import annotations

from pconfigs.cli.arguments import TRACEBACK_HELP, Arguments
from pconfigs.cli.output import write, write_json
from pconfigs.cli.runs_show import RUN_HELP
from pconfigs.cli.terminal import styled
from pconfigs.runs.changes.comparison import Comparison
from pconfigs.runs.reading.lookup import find_run

_SIGNS = {"+": "green", "-": "red"}


def command(words: list[str]) -> int:
    """Show what differs between two runs; return 1 if anything does."""
    parser = Arguments("runs compare", "Show what differs between two runs.")
    parser.add_argument("before", metavar="A", help=RUN_HELP)
    parser.add_argument("after", metavar="B", help="the same")
    parser.add_argument(
        "--all-code", action="store_true", help="also code that neither of them executed"
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--traceback", action="store_true", help=TRACEBACK_HELP)
    asked = parser.parse_args(words)
    comparison = Comparison(find_run(asked.before), find_run(asked.after), asked.all_code)
    if asked.json:
        write_json(comparison.data())
    else:
        write("\n".join(map(_coloured, comparison.lines())))
    return 1 if comparison else 0


def _coloured(line: str) -> str:
    sign = line[4:5]
    return styled(line, _SIGNS[sign]) if line[:4] == "    " and sign in _SIGNS else line
