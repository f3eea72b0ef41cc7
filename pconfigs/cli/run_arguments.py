"""The words after the target of `run`: declared options, overrides, options of `run`."""

from __future__ import annotations

import argparse

from pconfigs.cli.arguments import (
    Arguments,
    is_override,
    known_options,
    unknown_option,
    unknown_word,
)
from pconfigs.cli.overrides import overridden
from pconfigs.cli.run_options import FLAGS, HELP, VALUED, add_options
from pconfigs.errors.declare import DeclarationError
from pconfigs.errors.targets import FORMS, UsageError
from pconfigs.schema.class_schema import schema_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.cli.experiments import Experiment
    from pconfigs.cli.run_options import RunArguments

_GROUP = "options of run"  # in the help of a target


def read_words(given: RunArguments, experiment: Experiment) -> argparse.Namespace | None:
    """Return the namespace for `main`; overrides are applied to the experiment.

    Returns:
        `config` is the target as typed, the rest what the class declares.
        None after showing help.
    """
    fields = list(schema_of(experiment.config).fields)
    found = _parse(given, _parser_of(experiment), fields)
    if found is None:
        return None
    if given.smoke:
        # With --smoke alone: what rebuilds configs loads typing and contextlib.
        from pconfigs.cli.run_smoke import made_small

        experiment.config = made_small(experiment)
    if not given.sweep:
        experiment.config = overridden("run", experiment.config, given.overrides)
    found.config = experiment.target.text
    return found


def read_several(given: RunArguments, target: str) -> bool:
    """Read the words after a target with several experiments; False after showing help."""
    parser = _TargetArguments(target, "Run several experiments.")
    add_options(parser, _GROUP)
    return _parse(given, parser, []) is not None


def _parse(
    given: RunArguments, parser: argparse.ArgumentParser, fields: list[str]
) -> argparse.Namespace | None:
    """Take overrides and options apart; None after showing help."""
    if any(word in HELP for word in given.following):
        parser.print_help()
        return None
    overrides, options = _take_overrides(parser, given.following)
    found, rest = parser.parse_known_args(options)
    for word in rest:
        if word.partition("=")[0] == "--config":
            raise UsageError(
                "run", "the target is the config: --config is not given twice", [FORMS]
            )
        known = known_options(parser)
        raise (
            unknown_option("run", word, known, fields)
            if word[0] == "-"
            else unknown_word("run", word)
        )
    for option in (*FLAGS, *VALUED):
        value = vars(found).pop(option, None)
        if value not in (None, False):
            given.take(option, value)
    given.overrides = overrides
    given.options = _declared_words(options)
    return found


class _TargetArguments(Arguments):
    """Options of the class that a target runs; `--help` shows them under the target's name."""

    def __init__(self, target: str, description: str) -> None:
        super().__init__("run", description, f"{target} [options] [name=value ...] [-- ARGS ...]")
        self.prog = target


def _parser_of(experiment: Experiment) -> argparse.ArgumentParser:
    """Return the options that the class declares, and those of `run` that have other names."""
    target, runnable = experiment.target.text, experiment.runnable
    parser = _TargetArguments(target, (runnable.__doc__ or "").strip())
    declare = getattr(runnable, "make_argparser_args", None)
    if declare is not None:
        declare(parser)
    if any(action.dest == "config" for action in parser._actions):
        raise DeclarationError(
            f"{runnable.__qualname__}.make_argparser_args declares 'config', which holds the"
            " target\n    give that option another name, or another dest="
        )
    add_options(parser, _GROUP)
    return parser


def _take_overrides(
    parser: argparse.ArgumentParser, words: list[str]
) -> tuple[list[str], list[str]]:
    """Return overrides and other arguments, in order; values of options are not overrides."""
    overrides: list[str] = []
    options: list[str] = []
    values = 0.0  # how many words the last option still takes
    for word in words:
        if word.startswith("-"):
            values = _count_of_values(parser, word)
        elif values:
            values -= 1
        elif is_override(word):
            overrides.append(word)
            continue
        options.append(word)
    return overrides, options


def _declared_words(options: list[str]) -> list[str]:
    """Return the words that are not options of `run`."""
    words: list[str] = []
    skip = False
    for word in options:
        name, equals, _ = word.partition("=")
        if skip or word in FLAGS or name in VALUED:
            skip = not skip and name in VALUED and not equals
            continue
        words.append(word)
    return words


def _count_of_values(parser: argparse.ArgumentParser, option: str) -> float:
    """Return how many arguments after `option` may be its values."""
    action = parser._option_string_actions.get(option)
    if action is None:
        return 0
    if isinstance(action.nargs, int):
        return action.nargs
    return 1 if action.nargs in (None, argparse.OPTIONAL) else float("inf")
