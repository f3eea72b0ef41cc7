"""Options of `python -m pconfigs.explain`."""

from __future__ import annotations

from argparse import Namespace

from pconfigs.cli.arguments import TARGET_HELP, TRACEBACK_HELP, Arguments, is_override


def read(words: list[str]) -> tuple[str, Namespace]:
    """Return the function that does the work, and the options to call it with."""
    asked = parser().read(words)
    asked.overrides = [word for word in asked.paths if is_override(word)]
    asked.paths = [word for word in asked.paths if not is_override(word)]
    if asked.runs:
        return "explain_runs.command", asked
    if asked.unused or asked.reads is not None:
        return "explain_unused.command", asked
    return "explain_impact.command" if asked.impact else "explain.command", asked


def parser() -> Arguments:
    """Return the parser of the command line."""
    usage = "python -m pconfigs.explain [options] TARGET [name=value ...] [PATH ...]"
    parser = Arguments("explain", "Show where values come from, and what they feed.", usage)
    parser.add_argument("target", help=TARGET_HELP)
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="such as model.blocks[2].width or **.lr; all values, grouped by file, if none",
    )
    parser.add_argument(
        "--deep", action="store_true", help="follow what properties read to any depth"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--unused", action="store_true", help="settings that have no effect")
    form.add_argument(
        "--impact",
        metavar="PATH=VALUE",
        action="append",
        help="what else would change if it were that",
    )
    parser.add_argument(
        "--reads",
        metavar="FILE",
        help="with --unused, also settings that a run did not read; FILE is what "
        "run --record-reads has written",
    )
    parser.add_argument(
        "--runs",
        action="store_true",
        help="with --unused, also settings that no recorded run has read",
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--traceback", action="store_true", help=TRACEBACK_HELP)
    return parser
