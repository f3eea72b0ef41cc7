"""Options of `python -m pconfigs.runs`."""

from __future__ import annotations

from argparse import Namespace

from pconfigs.cli.arguments import TRACEBACK_HELP, Arguments

SUBCOMMANDS = {
    "show": ("runs_show.command", "show all that is recorded of a run"),
    "log": ("runs_log.command", "show what a run has printed"),
    "compare": ("runs_compare.command", "show what differs between two runs"),
    "check": ("runs_check.command", "show which runs are stale, and by what"),
    "table": ("runs_results.table", "join runs in one table: text, CSV, HTML, Parquet, SQL"),
    "plot": ("runs_results.plot", "draw curves of metrics"),
    "page": ("runs_results.page", "write one page with all runs, to sort, filter and compare"),
    "bisect": ("runs_bisect.command", "find the settings that move a metric"),
    "note": ("runs_upkeep.note", "append a note to a run"),
    "keep": ("runs_upkeep.keep_run", "mark a run, so that clean leaves it"),
    "stop": ("runs_upkeep.stop_run", "ask a running run to stop"),
    "clean": ("runs_upkeep.clean", "list runs that may be removed, and remove them"),
    "artifacts": ("runs_artifacts.command", "list artifacts and their versions"),
    "lineage": ("runs_lineage.command", "show which artifacts came from which runs"),
    "sync": ("runs_sync.command", "send trackers what they have not been sent yet"),
}


def read(words: list[str]) -> tuple[str, Namespace | list[str]]:
    """Return the function that does the work, and what to call it with.

    Those of subcommands read their own options.
    """
    if words and words[0] in SUBCOMMANDS:
        return SUBCOMMANDS[words[0]][0], words[1:]
    return "runs.command", parser().parse_args(words)


def parser() -> Arguments:
    """Return the parser of the command line."""
    about = "List the runs of a project."
    usage = (
        "python -m pconfigs.runs [NAME ...] [options]\n       python -m pconfigs.runs COMMAND ..."
    )
    parser = Arguments("runs", about, usage)
    parser.add_argument("names", nargs="*", metavar="NAME", help="experiments; all by default")
    parser.add_argument(
        "--where", action="append", default=[], metavar="CONDITION",
        help="state=done, accuracy>0.9, model.depth=3 (repeatable; all must hold)",
    )  # fmt: skip
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--tree", action="store_true", help="below the runs that they inherit from")
    form.add_argument("--watch", action="store_true", help="go on, and show what changes")
    parser.add_argument("--check", action="store_true", help="also whether the code is up to date")
    parser.add_argument("--smoke", action="store_true", help="the runs of run --smoke")
    form.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--traceback", action="store_true", help=TRACEBACK_HELP)
    width = max(map(len, SUBCOMMANDS))
    lines = [f"  {name:{width}}  {summary}" for name, (_, summary) in SUBCOMMANDS.items()]
    parser.epilog = "\n".join(["commands:", *lines])
    return parser
