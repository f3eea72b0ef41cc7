"""`run ... --sweep --save-as FILE`: a quick sweep as a module."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pconfigs.cli.experiments import Experiment
from pconfigs.cli.output import print_error
from pconfigs.cli.output_files import refuse_own_file, refuse_unwritable, write_module
from pconfigs.cli.run_options import RunArguments
from pconfigs.codegen.literals import quoted
from pconfigs.errors.base import Problem
from pconfigs.errors.serialization import NoCodeError, written_secret
from pconfigs.errors.targets import UsageError
from pconfigs.imports import Target
from pconfigs.imports.files import importable, run_text
from pconfigs.overrides.override import poverride
from pconfigs.overrides.shown import shown_words
from pconfigs.sweeps.quick import alternatives, quick_sweep
from pconfigs.syntax import literal_value
from pconfigs.tree.walk import pget

ATTRIBUTE = "sweep"


def save_sweep(experiment: Experiment, given: RunArguments, file: str) -> None:
    """Write a quick sweep to a file, unless nothing is to be run.

    Raises:
        UsageError: The file is there, or its name is not one of a module.
        NoCodeError: A value has no literal, or the module of the base cannot be imported.
    """
    refuse_own_file("run", file, experiment.target)
    refuse_unwritable("run", file, given.force)
    code = sweep_module(experiment.target, experiment.config, given.overrides)
    if given.dry_run:
        print_error(f"would write: {file}")
        return
    write_module("run", file, code, given.force)


def sweep_module(target: Target, base: Any, words: Sequence[str]) -> str:
    """Return the module of the sweep that combinations of `words` make of an experiment."""
    if not importable(target.module):
        problem = f"{target.module.__name__} has no dotted path by which a file could import it"
        raise NoCodeError([Problem("", problem)], "call the command from the folder of the project")
    added = [word for word in words if word.partition("=")[0].endswith("+")]
    if added:
        raise UsageError("run", f"{added[0]} cannot be saved in a grid", ["give the whole list"])
    secret = [
        written_secret(one.partition("=")[0])
        for one, word in zip(shown_words(base, words), words, strict=True)
        if one != word
    ]
    if secret:
        raise NoCodeError(secret)
    dot = next((i for i, c in enumerate(target.attribute) if c in ".["), len(target.attribute))
    name, rest = target.attribute[:dot], target.attribute[dot:]
    grid = [f"        {quoted(path)}: [{', '.join(found)}]," for path, found in _grid(base, words)]
    lines = [
        f'"""{target.dotted} with {", ".join(words)}."""',
        "",
        "from pconfigs import psweep",
        f"from {target.module.__name__} import {name} as base",
        "",
        f"{ATTRIBUTE} = psweep(",
        f"    base{rest},",
        "    grid={",
        *grid,
        "    },",
        ")",
        "",
    ]
    code = "\n".join(lines)
    if run_text(code, ATTRIBUTE) != quick_sweep(base, words):
        raise NoCodeError([Problem("", "the file would make other points")], "write it by hand")
    return code


def _grid(base: Any, words: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Return the path of each word with the literals of its values."""
    choices = [alternatives(word) for word in words]
    found: list[tuple[str, list[str]]] = []
    for at, own in enumerate(choices):
        path = own[0].partition("=")[0]
        values: list[str] = []
        for word in own:
            others = [word if i == at else choice[0] for i, choice in enumerate(choices)]
            values.append(_literal(word, pget(poverride(base, others), path)))
        found.append((path, values))
    return found


def _literal(word: str, value: Any) -> str:
    text = repr(value)
    try:
        if literal_value(text) == value:
            return text
    except (ValueError, SyntaxError):
        pass
    raise NoCodeError(
        [Problem("", f"the value of {word} has no literal")], "write the sweep by hand"
    )
