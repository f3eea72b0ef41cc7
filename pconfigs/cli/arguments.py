"""Words of a command line as options, targets and overrides. argparse is imported here only."""

from __future__ import annotations

import argparse

from pconfigs.cli import terminal
from pconfigs.errors.formatting import nearest, without_value
from pconfigs.errors.targets import FORMS, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, NoReturn, Protocol

    class TakesOptions(Protocol):
        """A parser, or a group of one."""

        def add_argument(self, *names: str, action: str, help: str) -> object: ...


TARGET_HELP = (
    "package.module.attribute (also into it: ….config.blocks[2]), package.module (its config), "
    "or path/to/file.py[:attribute]"
)
TRACEBACK_HELP = "keep the library's own frames in tracebacks"

SWEEP = "for one run with each value: pconfigs run TARGET lr=0.1,0.2 --sweep"
EXPERIMENT = "an experiment is the target itself: pconfigs run package.module"
OTHER_TOOLS = {
    "-m": SWEEP,
    "--multirun": SWEEP,
    "--config-name": EXPERIMENT,
    "-cn": EXPERIMENT,
    "--config-path": EXPERIMENT,
    "--config-dir": EXPERIMENT,
    "-cp": EXPERIMENT,
    "--cfg": "the resolved config: pconfigs print TARGET",
    "--resolve": "values are always resolved: pconfigs print TARGET",
    "--info": "where values come from: pconfigs explain TARGET PATH",
    "--hydra-help": "fields and their documentation: pconfigs help TARGET",
    "--config": "the target itself, or a file over it: TARGET @changes.yaml",
}
"""Options of other tools, and what takes their place."""


class Arguments(argparse.ArgumentParser):
    """The options of one command; what it does not know is refused with the nearest it knows.

    Attributes:
        command: Its name.
        anywhere: Options are read anywhere among the other words, not only between groups of them.
    """

    def __init__(
        self, command: str, description: str, usage: str | None = None, anywhere: bool = False
    ) -> None:
        super().__init__(
            prog=f"python -m pconfigs.{command}",
            usage=usage,
            description=description,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        self.command = command
        self.anywhere = anywhere

    def print_help(self, file: Any = None) -> None:
        """Write the help where results go."""
        super().print_help(terminal.results() if file is None else file)

    def add_target(self) -> None:
        """Take a target, overrides after it, and `--traceback`."""
        self.anywhere = True
        self.add_argument("target", help=TARGET_HELP)
        self.add_argument(
            "overrides", nargs="*", metavar="name=value", help="build a variant first"
        )
        flag(self, "--traceback", TRACEBACK_HELP)

    def add_targets(self) -> None:
        """Take several targets with overrides after each, and `--traceback`."""
        self.add_argument("targets", nargs="*", metavar="target [name=value ...]", help=TARGET_HELP)
        flag(self, "--traceback", TRACEBACK_HELP)

    def read_targets(self, words: list[str]) -> argparse.Namespace:
        """Return the words as attributes; `targets` are pairs of a target and its overrides.

        Raises:
            UsageError: A word is not understood.
        """
        found, rest = self.parse_known_args(words)
        self._refuse_options(rest)
        found.targets = targets_in([*found.targets, *rest])
        if not found.targets:
            raise UsageError(self.command, "which target?", [FORMS])
        return found

    def _refuse_options(self, rest: list[str]) -> None:
        options = [word for word in rest if word.startswith("-") and len(word) > 1]
        if options:
            raise unknown_option(self.command, options[0], known_options(self))

    def read(self, words: list[str]) -> argparse.Namespace:
        """Return the words as attributes.

        Where the command takes `overrides`, those are the words of the form `name=value`.

        Raises:
            UsageError: A word is not understood.
        """
        parse = self.parse_known_intermixed_args if self.anywhere else self.parse_known_args
        try:
            found, rest = parse(words)
        except AttributeError as error:
            # Python 3.11 restores what it has not saved yet, where it is interrupted.
            if isinstance(error.__context__, KeyboardInterrupt):
                raise error.__context__ from None
            raise
        self._refuse_options(rest)
        overrides = [*getattr(found, "overrides", []), *rest]
        for word in overrides:
            if not is_override(word) or not hasattr(found, "overrides"):
                raise unknown_word(self.command, word, hasattr(found, "overrides"))
        found.overrides = overrides
        return found

    def error(self, message: str) -> NoReturn:
        """Refuse, for the reasons that argparse finds."""
        if "required: target" in message or "required: before" in message:
            raise UsageError(self.command, "which target?", [FORMS])
        raise UsageError(self.command, message, [f"see {self.prog} --help"])


def flag(parser: TakesOptions, option: str, about: str, *, short: str | None = None) -> None:
    """Let a parser take an option without a value."""
    names = [option] if short is None else [short, option]
    parser.add_argument(*names, action="store_true", help=about)


def from_on(least: int, name: str) -> Callable[[str], int]:
    """Return the type of an option that takes a whole number from `least` on."""

    def number(word: str) -> int:
        if int(word) < least:
            raise ValueError(word)
        return int(word)

    number.__name__ = name  # argparse names the type of a bad value by this
    return number


def is_override(word: str) -> bool:
    """Return whether a word sets something: `base_lr=3e-4`, `tags+=[a]`, `@patch.yaml`."""
    # With the first word: help does not wait for what reads overrides and targets.
    from pconfigs.cli import override_words

    return override_words.is_override(word)


def targets_in(words: list[str]) -> list[tuple[str, list[str]]]:
    """Return the targets, each with the overrides after it."""
    found: list[tuple[str, list[str]]] = []
    for word in words:
        if found and is_override(word):
            found[-1][1].append(word)
        else:
            found.append((word, []))
    return found


def known_options(parser: argparse.ArgumentParser) -> list[str]:
    """Return every way to write an option that `parser` knows."""
    return [word for action in parser._actions for word in action.option_strings]


def unknown_option(
    command: str, word: str, known: list[str], fields: Iterable[str] = ()
) -> UsageError:
    """Return the error for an undeclared option; it may be meant for one of `fields`."""
    name = word.partition("=")[0]
    bare = name.strip("-")
    options = {option.strip("-"): option for option in known}
    if name in OTHER_TOOLS:
        return UsageError(command, f"there is no option {name}", [OTHER_TOOLS[name]])
    suggestion = nearest(bare, options)
    field = nearest(bare.replace("-", "_"), fields)
    advice = [f"did you mean {options[suggestion]}?"] if suggestion else []
    if field:
        advice.append(f"a field is set without dashes: {field}=...")
    return UsageError(
        command, f"there is no option {name}", advice or [f"it knows {', '.join(known)}"]
    )


def unknown_word(command: str, word: str, overrides: bool = True) -> UsageError:
    """Return the error for an argument that is neither target, option nor override."""
    after = "only options and name=value may follow the target"
    advice = after if overrides else f"see pconfigs {command} --help"
    return UsageError(command, f"{without_value(word)!r} is not understood", [advice])
