"""Options of the commands, and the functions that do their work; those of `run`, `runs` are apart.

This and argparse are all that help and refusals wait for: what does the work is loaded after.
"""

from __future__ import annotations

import os
from argparse import Namespace

from pconfigs.cli.arguments import (
    TARGET_HELP,
    TRACEBACK_HELP,
    Arguments,
    flag,
    from_on,
    is_override,
)
from pconfigs.errors.targets import FORMS, UsageError
from pconfigs.testing import seconds

RULES_FILE = "AGENTS.md"
PRINT_FORMS = {"why": "explain.why", "flat": "print_flat.command", "json": "print_json.command"}

ADOPT_HELP = """\
Write typed config classes, defaults and experiments for a config of another tool.

SOURCE is a YAML file (interpolations of OmegaConf, `defaults:` of Hydra or of NeMo), a folder of
them with its main file, a TOML file, a module of dataclasses or pydantic models, or of functions
that return some (which is imported, and these called), or a script with a parser of argparse
(which is not run; script.py:parser imports it, and takes that parser, or what that function
returns). The result is imported and compared with the source, value by value."""
AGENTS_USAGE = "python -m pconfigs.agents install [DIR] | list [--json] | show [NAME ...]"
AGENTS_HELP = f"""\
Rules for coding agents: how to write and inspect code with pconfigs.

  install [DIR]    write them into DIR/{RULES_FILE}, in a marked block
  list             names and titles of the rules
  show [NAME ...]  the rules themselves"""
INIT_HELP = """\
Write a new project into DIR, or into the current folder: a package with a config class,
two experiments, tests, rules for coding agents, and settings of pytest, mypy and pyright."""


def parser(command: str) -> Arguments:
    """Return the parser of the words of a command."""
    return _PARSERS[command]()


def read(command: str, words: list[str]) -> tuple[str, Namespace]:
    """Return the function that does the work of a command, and the options to call it with.

    Raises:
        UsageError: The words are not understood, or do not go together.
    """
    if command == "agents":
        return "agents.command", _read_agents(words)
    if command == "diff":
        return "diff.command", _read_diff(words)
    if command == "graph":
        is_lineage = "--lineage" in words
        asked = _graph().read(words) if is_lineage else _graph().read_targets(words)
        return "graph_lineage.command" if is_lineage else "graph.command", asked
    asked = parser(command).read(words)
    works = {"explain": _explain_work, "help": _help_work, "print": _print_work}
    return works[command](asked) if command in works else f"{command}.command", asked


def _adopt() -> Arguments:
    parser = Arguments("adopt", ADOPT_HELP)
    source = "a YAML, TOML or Python file, or a folder of YAML files"
    parser.add_argument("source", metavar="SOURCE", help=source)
    extending = "files that extend SOURCE"
    parser.add_argument("experiments", metavar="EXPERIMENT", nargs="*", help=extending)
    text = "the package to write, such as project/adopted"
    parser.add_argument("-o", "--output", metavar="PACKAGE", required=True, help=text)
    flag(parser, "--force", "replace files that are there")
    flag(parser, "--traceback", TRACEBACK_HELP)
    return parser


def _agents() -> Arguments:
    parser = Arguments("agents", AGENTS_HELP, AGENTS_USAGE)
    parser.add_argument("action", choices=("install", "list", "show"))
    parser.add_argument("names", nargs="*", metavar="DIR|NAME")
    flag(parser, "--json", "with list: as JSON")
    flag(parser, "--traceback", TRACEBACK_HELP)
    return parser


def _read_agents(words: list[str]) -> Namespace:
    if not words:
        problem = "what to do is missing: install, list or show"
        raise UsageError("agents", problem, [AGENTS_USAGE])
    asked = _agents().read(words)
    if asked.action == "install":
        if len(asked.names) > 1:
            problem = f"one folder too many: {asked.names[1]}"
            raise UsageError("agents", problem, [AGENTS_USAGE])
        asked.folder = asked.names[0] if asked.names else os.curdir
    elif asked.action == "list" and asked.names:
        raise UsageError("agents", f"list takes no {asked.names[0]!r}", [AGENTS_USAGE])
    return asked


def _derive() -> Arguments:
    return _writing("derive", "Write a variant of an experiment as a file that inherits from it.")


def _freeze() -> Arguments:
    about = "Write an experiment as a file that depends on no other experiment."
    return _writing("freeze", about)


def _writing(command: str, about: str) -> Arguments:
    """Return the parser of a command that writes an experiment."""
    parser = Arguments(command, about)
    parser.add_target()
    text = (
        "the file to write, such as project/experiments/third.py; of a folder of numbered files,"
        " the next one; stdout if not given"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help=text)
    flag(parser, "--force", "replace the file if it is there")
    return parser


def _diff() -> Arguments:
    usage = "python -m pconfigs.diff A [name=value ...] [B [name=value ...]] [options]"
    about = "Show what differs between two configs; exit 1 if anything does."
    parser = Arguments("diff", about, usage)
    parser.add_targets()
    flag(parser, "--inputs", "only what was set, not what follows")
    form = parser.add_mutually_exclusive_group()
    flag(form, "--stat", "only how many values differ, and where")
    flag(form, "--unified", "a unified diff of the printed codes")
    flag(form, "--json", "as JSON")
    return parser


def _read_diff(words: list[str]) -> Namespace:
    asked = _diff().read_targets(words)
    if len(asked.targets) == 1 and asked.targets[0][1]:
        # A target and what would be changed in it.
        asked.targets.insert(0, (asked.targets[0][0], []))
    if len(asked.targets) != 2:
        count = "one target" if len(asked.targets) == 1 else f"{len(asked.targets)} targets"
        problem = f"diff takes two targets, or one with overrides, got {count}"
        raise UsageError("diff", problem, [FORMS])
    return asked


def _explain() -> Arguments:
    usage = "python -m pconfigs.explain [options] TARGET [name=value ...] [PATH ...]"
    about = "Show where values come from, and what they feed."
    parser = Arguments("explain", about, usage, anywhere=True)
    parser.add_argument("target", help=TARGET_HELP)
    paths = "such as model.blocks[2].width or **.lr; all values, grouped by file, if none"
    parser.add_argument("paths", nargs="*", metavar="PATH", help=paths)
    flag(parser, "--deep", "follow what properties read to any depth")
    form = parser.add_mutually_exclusive_group()
    flag(form, "--unused", "settings that have no effect")
    impact = "what else would change if it were that"
    form.add_argument("--impact", metavar="PATH=VALUE", action="append", help=impact)
    reads = (
        "with --unused, also settings that a run did not read; FILE is what run --record-reads"
        " has written"
    )
    parser.add_argument("--reads", metavar="FILE", help=reads)
    flag(parser, "--runs", "with --unused, also settings that no recorded run has read")
    flag(parser, "--json", "as JSON")
    flag(parser, "--traceback", TRACEBACK_HELP)
    return parser


def _explain_work(asked: Namespace) -> str:
    """Return the function that explains what was asked for; part overrides from paths."""
    asked.overrides = [word for word in asked.paths if is_override(word)]
    asked.paths = [word for word in asked.paths if not is_override(word)]
    if asked.runs:
        return "explain_runs.command"
    if asked.unused or asked.reads is not None:
        return "explain_unused.command"
    return "explain_impact.command" if asked.impact else "explain.command"


def _graph() -> Arguments:
    usage = (
        "python -m pconfigs.graph A [name=value ...] [B [name=value ...]] [options]\n"
        "       python -m pconfigs.graph --lineage [RUN|ARTIFACT ...] [options]"
    )
    about = "Write a picture of a config, of what differs between two, or of what came from what."
    parser = Arguments("graph", about, usage, anywhere=True)
    parser.add_targets()
    output = (
        "ends in .svg, .png, .pdf (extra 'graph'), .dot, .mmd or .html; if not given, Mermaid on"
        " stdout"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help=output)
    flag(parser, "--lineage", "draw runs and the artifacts between them")
    flag(parser, "--force", "replace FILE where it is there")
    return parser


def _help() -> Arguments:
    about = "Show what can be set in a config or config class, and what each field means."
    parser = Arguments("help", about)
    parser.add_target()
    depth = "enter configs N levels deep"
    parser.add_argument("--depth", type=from_on(1, "depth"), metavar="N", help=depth)
    flag(parser, "--json", "as JSON")
    flag(parser, "--schema", "JSON Schema of its files, for editors to complete and check")
    return parser


def _help_work(asked: Namespace) -> str:
    return "help_schema.command" if asked.schema else "help.command"


def _init() -> Arguments:
    parser = Arguments("init", INIT_HELP, "python -m pconfigs.init [DIR] [--name NAME]")
    parser.add_argument("folder", nargs="?", default=os.curdir, metavar="DIR")
    parser.add_argument("--name", help="name of the package; the name of the folder by default")
    flag(parser, "--traceback", TRACEBACK_HELP)
    return parser


def _list() -> Arguments:
    parser = Arguments("list", "List the experiments of a project, without running any.")
    place = "a file, folder or package"
    parser.add_argument("place", nargs="?", default=".", metavar="PATH|PACKAGE", help=place)
    flag(parser, "--all", "also those in tests")
    form = parser.add_mutually_exclusive_group()
    flag(form, "--tree", "who inherits from whom, and changes what")
    flag(form, "--json", "as JSON")
    flag(parser, "--traceback", TRACEBACK_HELP)
    return parser


def _print() -> Arguments:
    parser = Arguments("print", "Print everything that a target resolves to, as Python code.")
    parser.add_target()
    form = parser.add_mutually_exclusive_group()
    flag(form, "--values", "leave out imports and notes, as str() does")
    flag(form, "--flat", "one sorted 'path = value' line per leaf")
    flag(form, "--json", "as JSON")
    why = "where the value at PATH comes from"
    form.add_argument("--why", metavar="PATH", action="append", help=why)
    depth = "show configs up to N levels deep"
    parser.add_argument("--depth", type=from_on(0, "depth"), metavar="N", help=depth)
    parser.add_argument(
        "--only", metavar="PATH", help="show what lies at PATH, e.g. model.blocks[2]"
    )
    most = "show N items of lists and dicts that take several lines"
    parser.add_argument("--max-items", type=from_on(0, "count"), metavar="N", help=most)
    return parser


def _print_work(asked: Namespace) -> str:
    """Return the function that prints in the form that was asked for."""
    form = next((name for name in PRINT_FORMS if getattr(asked, name)), None)
    if form is None:
        return "print.command"
    for name in ("max_items", "depth", "only") if form == "why" else ("max_items",):
        if getattr(asked, name) is not None:
            problem = f"--{name.replace('_', '-')} has no effect with --{form}"
            raise UsageError("print", problem, ["leave out one of them"])
    return PRINT_FORMS[form]


def _test() -> Arguments:
    parser = Arguments("test", "Test the experiments of a project: that each module imports.")
    places = "files, folders or modules; the current folder if there are none"
    parser.add_argument("places", nargs="*", metavar="PATH|TARGET", help=places)
    golden = "compare what experiments print with golden files; with --smoke also what they log"
    flag(parser, "--golden", golden)
    flag(parser, "--update-golden", "write the golden files that differ anew")
    flag(parser, "--smoke", "run every experiment small")
    timeout = "how long one run may take (60)"
    parser.add_argument("--timeout", type=seconds, default=60.0, metavar="SECONDS", help=timeout)
    jobs = "how many runs are made at the same time (one for each processor, four at most)"
    parser.add_argument("--jobs", type=from_on(0, "count"), default=0, metavar="N", help=jobs)
    flag(parser, "--json", "as JSON, a list of modules")
    flag(parser, "--traceback", TRACEBACK_HELP)
    return parser


_PARSERS = {
    "adopt": _adopt,
    "agents": _agents,
    "derive": _derive,
    "diff": _diff,
    "explain": _explain,
    "freeze": _freeze,
    "graph": _graph,
    "help": _help,
    "init": _init,
    "list": _list,
    "print": _print,
    "test": _test,
}
