"""Options of `runs` and of its subcommands, and the functions that do their work."""

from __future__ import annotations

from argparse import Namespace

from pconfigs.cli.arguments import TRACEBACK_HELP, Arguments, flag, from_on
from pconfigs.errors.formatting import aligned
from pconfigs.runs.status import ENDED

RUN_HELP = "@ with part of its name, @NAME of an experiment (its newest), @ (the newest), a folder"
NAMES_HELP = "experiments by name, runs by @, or the dotted path of a config or sweep; default: all"


def read(command: str, words: list[str]) -> tuple[str, Namespace]:
    """Return the function that does the work, and the options to call it with.

    Raises:
        UsageError: The words are not understood.
    """
    if words and words[0] in SUBCOMMANDS:
        work, parser_of, _ = SUBCOMMANDS[words[0]]
        return work, parser_of().read(words[1:])
    return f"{command}.command", parser(command).read(words)


def parser(command: str) -> Arguments:
    """Return the parser of the words of `runs` that follow no subcommand."""
    about = "List the runs of a project."
    usage = (
        "python -m pconfigs.runs [NAME ...] [options]\n       python -m pconfigs.runs COMMAND ..."
    )
    parser = Arguments(command, about, usage)
    parser.add_argument("names", nargs="*", metavar="NAME", help="experiments; all by default")
    where = "state=done, accuracy>0.9, model.depth=3 (repeatable; all must hold)"
    parser.add_argument("--where", metavar="CONDITION", action="append", default=[], help=where)
    form = parser.add_mutually_exclusive_group()
    flag(form, "--tree", "below the runs that they inherit from")
    flag(form, "--watch", "go on, and show what changes")
    flag(parser, "--check", "also whether the code is up to date")
    flag(parser, "--smoke", "the runs of run --smoke")
    flag(form, "--json", "as JSON")
    flag(parser, "--traceback", TRACEBACK_HELP)
    summaries = aligned((name, summary) for name, (*_, summary) in SUBCOMMANDS.items())
    parser.epilog = "\n  ".join(["commands:", *summaries])
    return parser


def _ended(parser: Arguments, as_json: str = "as JSON") -> Arguments:
    """Return a parser that also takes what nearly all subcommands take."""
    flag(parser, "--json", as_json)
    flag(parser, "--traceback", TRACEBACK_HELP)
    return parser


def _show() -> Arguments:
    parser = Arguments("runs show", "Show all that is recorded of a run.")
    parser.add_argument("run", metavar="RUN", help=RUN_HELP)
    return _ended(parser)


def _log() -> Arguments:
    parser = Arguments("runs log", "Show what a run has printed.")
    parser.add_argument("run", metavar="RUN", help=RUN_HELP)
    flag(parser, "--follow", "go on until the run has ended", short="-f")
    parser.add_argument(
        "--rank", type=from_on(0, "rank"), default=0, metavar="N", help="of that rank"
    )
    return _ended(parser, "as JSON, a list of lines")


def _compare() -> Arguments:
    parser = Arguments("runs compare", "Show what differs between two runs.")
    parser.add_argument("before", metavar="A", help=RUN_HELP)
    parser.add_argument("after", metavar="B", help="the same")
    flag(parser, "--all-code", "also code that neither of them executed")
    return _ended(parser)


def _check() -> Arguments:
    about = "List stale runs: code that ran, computed values or variables have changed since."
    parser = Arguments("runs check", about)
    parser.add_argument("names", nargs="*", metavar="NAME|@RUN", help="all done by default")
    return _ended(parser)


def _of_results(name: str, about: str) -> Arguments:
    """Return the parser of a subcommand about the results of some runs."""
    parser = Arguments(f"runs {name}", about)
    where = "state=done, accuracy>0.9, model.depth=3 (repeatable)"
    parser.add_argument("--where", metavar="CONDITION", action="append", default=[], help=where)
    flag(parser, "--traceback", TRACEBACK_HELP)
    return parser


def _table() -> Arguments:
    parser = _of_results("table", "Join runs that are done in one table.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=NAMES_HELP)
    over = "average over a field, such as seed: mean ± standard deviation, and the count"
    parser.add_argument("--over", metavar="FIELD", action="append", default=[], help=over)
    parser.add_argument("--by", metavar="COLUMN", help="sort: accuracy (descending), 'min loss'")
    sql = "what a query of the tables runs and metrics selects"
    parser.add_argument("--sql", metavar="QUERY", help=sql)
    parser.add_argument("-o", "--output", metavar="FILE", help=".csv .json .md .html .parquet")
    flag(parser, "--json", "as JSON")
    return parser


def _plot() -> Arguments:
    parser = _of_results("plot", "Draw curves of metrics over steps.")
    metrics = "names with commas between: loss,accuracy"
    parser.add_argument("metrics", metavar="METRIC", help=metrics)
    parser.add_argument("names", nargs="*", metavar="NAME", help=NAMES_HELP)
    parser.add_argument("--color", metavar="FIELD", help="what colours mean; the run by default")
    parser.add_argument("--facet", metavar="FIELD", help="a panel for each value of a field")
    smooth = "weight of the past, in [0, 1)"
    parser.add_argument("--smooth", type=float, default=0.0, metavar="W", help=smooth)
    endings = ".html .svg .png .pdf"
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help=endings)
    return parser


def _page() -> Arguments:
    parser = _of_results("page", "Write one page with all runs, which needs no network.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=NAMES_HELP)
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help=".html")
    return parser


def _bisect() -> Arguments:
    parser = Arguments("runs bisect", "Find the smallest set of settings that moves a metric.")
    parser.add_argument("good", metavar="GOOD", help=RUN_HELP)
    parser.add_argument("bad", metavar="BAD", help="the same")
    parser.add_argument("--metric", required=True, metavar="NAME", help="what differs")
    return _ended(parser)


def _of_run(name: str, about: str) -> Arguments:
    """Return the parser of a subcommand that changes something about a run."""
    parser = Arguments(f"runs {name}", about)
    parser.add_argument("run", metavar="RUN", help=RUN_HELP)
    return _ended(parser)


def _note() -> Arguments:
    parser = _of_run("note", "Append a note to a run.")
    parser.add_argument("text", nargs="+", metavar="TEXT", help="the note")
    return parser


def _keep() -> Arguments:
    parser = _of_run("keep", "Mark a run, so that runs clean leaves it.")
    flag(parser, "--undo", "remove the mark")
    return parser


def _stop() -> Arguments:
    about = "Stop a run, or all runs of an experiment or a sweep that wait or run."
    parser = _of_run("stop", about)
    lost = "note that runs have ended whose host or engine does not answer any more"
    flag(parser, "--lost", lost)
    return parser


def _clean() -> Arguments:
    parser = Arguments("runs clean", "List runs that may be removed; with --yes, remove them.")
    parser.add_argument("--older", metavar="30d", help="only runs that are older: 12h, 30d, 4w")
    parser.add_argument(
        "--state", action="append", default=[], choices=ENDED, help="only runs of that state"
    )
    flag(parser, "--yes", "remove them")
    return _ended(parser)


def _artifacts() -> Arguments:
    parser = Arguments("runs artifacts", "List artifacts, or the versions of some.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="artifacts; all by default")
    alias = "let ALIAS point to the version NAME:vN, for NAME@ALIAS"
    parser.add_argument("--alias", metavar="ALIAS", help=alias)
    flag(parser, "--smoke", "of the runs of run --smoke")
    return _ended(parser)


def _lineage() -> Arguments:
    parser = Arguments("runs lineage", "Show what came from what: runs and the artifacts between.")
    what = f"a run ({RUN_HELP}) or an artifact (NAME, NAME:vN); all by default"
    parser.add_argument("what", nargs="*", metavar="RUN|ARTIFACT", help=what)
    flag(parser, "--smoke", "of the runs of run --smoke")
    return _ended(parser, "as JSON: nodes and edges")


def _sync() -> Arguments:
    parser = Arguments("runs sync", "Send trackers what they have not been sent yet.")
    runs = f"{RUN_HELP}; by default all that have a tracker"
    parser.add_argument("runs", nargs="*", metavar="RUN", help=runs)
    tracker = "send to this tracker, also runs that had none: tensorboard, mlflow, wandb"
    parser.add_argument("--tracker", metavar="NAME", action="append", default=[], help=tracker)
    flag(parser, "--traceback", TRACEBACK_HELP)
    return parser


SUBCOMMANDS = {
    "show": ("runs_show.command", _show, "show all that is recorded of a run"),
    "log": ("runs_log.command", _log, "show what a run has printed"),
    "compare": ("runs_compare.command", _compare, "show what differs between two runs"),
    "check": ("runs_check.command", _check, "show which runs are stale, and by what"),
    "table": (
        "runs_results.table",
        _table,
        "join runs in one table: text, CSV, HTML, Parquet, SQL",
    ),
    "plot": ("runs_results.plot", _plot, "draw curves of metrics"),
    "page": (
        "runs_results.page",
        _page,
        "write one page with all runs, to sort, filter and compare",
    ),
    "bisect": ("runs_bisect.command", _bisect, "find the settings that move a metric"),
    "note": ("runs_upkeep.note", _note, "append a note to a run"),
    "keep": ("runs_upkeep.keep_run", _keep, "mark a run, so that clean leaves it"),
    "stop": ("runs_upkeep.stop_run", _stop, "ask a running run to stop"),
    "clean": ("runs_upkeep.clean", _clean, "list runs that may be removed, and remove them"),
    "artifacts": ("runs_artifacts.command", _artifacts, "list artifacts and their versions"),
    "lineage": ("runs_lineage.command", _lineage, "show which artifacts came from which runs"),
    "sync": ("runs_sync.command", _sync, "send trackers what they have not been sent yet"),
}
"""The function that does the work of each, its parser, and what it does."""
