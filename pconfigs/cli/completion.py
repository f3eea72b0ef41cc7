"""Completion: what the TAB key offers after `pconfigs`, without importing the project."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from typing import Any

from pconfigs.cli import terminal
from pconfigs.cli.argcomplete import answer
from pconfigs.cli.arguments import targets_in
from pconfigs.cli.commands import COMMANDS, of_options
from pconfigs.cli.runs_options import SUBCOMMANDS
from pconfigs.imports import make_current_folder_importable
from pconfigs.imports.completion_index import Completions
from pconfigs.imports.files import module_name_of
from pconfigs.imports.source_files import leads_to_itself
from pconfigs.imports.source_index import index_here


def completions_here() -> Completions:
    """Return the completions in the current folder."""
    make_current_folder_importable()
    return Completions(os.curdir, index_here())


def complete_target(prefix: str, **_: Any) -> list[str]:
    """Return experiments that begin so, or folders and Python files for a path."""
    if prefix.startswith("@"):
        return complete_run(prefix)
    if "/" in prefix:
        return _paths(prefix)
    return [target for target in completions_here().targets() if target.startswith(prefix)]


def complete_run(prefix: str, **_: Any) -> list[str]:
    """Return references to recorded runs, newest first, and to experiments that have runs."""
    # For references alone: other words do not wait for it.
    from pconfigs.runs.reading.selection import runs_here

    runs = runs_here()
    names = dict.fromkeys([*(f"@{run.name}" for run in runs), *(f"@{run.id}" for run in runs)])
    return [name for name in names if name.startswith(prefix)]


def complete_runs(prefix: str, **_: Any) -> list[str]:
    """Return commands about runs, names of experiments that have runs, and references."""
    found = complete_run("@")
    names = [*SUBCOMMANDS, *dict.fromkeys(name[1:] for name in found if "-" not in name)]
    return [name for name in [*names, *found] if name.startswith(prefix)]


def _paths(prefix: str) -> list[str]:
    folder, _, start = prefix.rpartition("/")
    try:
        entries = sorted(os.scandir(folder or "/"), key=lambda entry: entry.name)
    except OSError:
        return []
    found = [one for one in entries if one.name.startswith(start) and not leads_to_itself(one)]
    folders = [f"{folder}/{entry.name}/" for entry in found if entry.is_dir()]
    return folders + [f"{folder}/{entry.name}" for entry in found if entry.name.endswith(".py")]


def complete_override(prefix: str, parsed_args: Namespace, **_: Any) -> list[str]:
    """Return names that can be set in the target, or values after a name."""
    target = target_of(parsed_args)
    if not target:
        return []
    left, equals, typed = prefix.partition("=")
    *path, name = left.removesuffix("+").replace("[", ".").replace("]", "").split(".")
    fields = completions_here().settable(target, path)
    if equals:
        choices = fields.get(name, {}).get("choices", [])
        return [f"{left}={choice}" for choice in choices if choice.startswith(typed)]
    start = left[: len(left) - len(name)]
    found = [f"{start}{field}=" for field in fields if field.startswith(name)]
    return found + [
        f"{start}{field}." for field in fields if field.startswith(name) and fields[field]["part"]
    ]


def complete_either(prefix: str, parsed_args: Namespace, **_: Any) -> list[str]:
    """Return targets, and what can be set in the last one."""
    found = complete_override(prefix, parsed_args)
    return found + ([] if "=" in prefix else complete_target(prefix))


def target_of(parsed: Namespace) -> str:
    """Return the dotted target before the word that is completed, or nothing."""
    several = getattr(parsed, "targets", None)
    if several:
        text = targets_in(list(several))[-1][0]
    else:
        text = getattr(parsed, "target", None) or ""
    file, _, attribute = text.partition(".py:") if ".py:" in text else (text, "", "")
    if file.endswith(".py") or attribute:
        path = file if file.endswith(".py") else f"{file}.py"
        return ".".join(filter(None, [module_name_of(path), attribute or "config"]))
    return text


COMPLETERS = {
    "target": complete_target,
    "targets": complete_either,
    "overrides": complete_override,
    "paths": complete_override,
    "names": complete_runs,
}


def whole_parser(typed: str) -> ArgumentParser:
    """Return all commands, and the options and words of the one that is typed already."""
    top = ArgumentParser(prog="pconfigs", add_help=False)
    commands = top.add_subparsers(dest="command")
    for name, summary in COMMANDS.items():
        if name != typed:
            commands.add_parser(name, help=summary, add_help=False)
            continue
        options = of_options("parser", name)(name)
        for action in options._actions:
            if action.dest in COMPLETERS and not action.option_strings:
                action.completer = COMPLETERS[action.dest]
        commands.add_parser(name, help=summary, parents=[options], add_help=False)
    return top


def complete() -> None:
    """Print for the shell what may follow."""
    typed = terminal.words_so_far()
    answer(whole_parser(typed[1] if len(typed) > 1 else ""))
