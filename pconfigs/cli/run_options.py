"""Options of `run`, and the places of its other words."""

from __future__ import annotations

from pconfigs.cli.arguments import (
    TARGET_HELP,
    TRACEBACK_HELP,
    Arguments,
    known_options,
    unknown_option,
)
from pconfigs.cli.targets import is_recorded
from pconfigs.errors.targets import FORMS, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

FLAGS = {
    "--smoke": "run the small variant, with the smoke values of the classes",
    "--dry-run": "build everything, run nothing, print what would run",
    "--traceback": TRACEBACK_HELP,
    "--force": "let --save-as replace a file",
    "--record": "record the run; makes runs/ where the project has no store",
    "--no-record": "record nothing, also where the project has a store",
    "--sweep": "run all combinations of name=value,value and name=range(4)",
    "--detach": "return as soon as the runs are launched",
    "--fail-fast": "stop all runs of a sweep at the first that fails",
    "--retry-failed": "run what has failed before again, in new folders",
    "--with-deps": "run first what produces the artifacts that it consumes, where needed",
    "--again": "run a sweep, or with --with-deps one experiment, although it is up to date",
    "--resume": "continue a run that has not finished, in its own folder: --resume @RUN",
    "--accept-changes": "rerun a run with the code of today; keep runs of a sweep that is older",
    "--as-recorded": "rerun a run with the code of then",
    "--into": "for jobs: run what was planned in a folder of a store: --into FOLDER",
}
VALUED = {
    "--save-as": "write the variant that overrides make to FILE first, as one that inherits",
    "--record-reads": "write to FILE which fields are read, for explain --unused --reads FILE",
    "--slots": "how many runs of a sweep run at a time on this machine (1)",
    "--on": "launch it by an executor: a profile of env.toml, or a dotted path",
    "--tracker": "send the run to a tracker: tensorboard, mlflow or wandb; several with commas",
}
METAVARS = {"--slots": "N", "--on": "EXECUTOR", "--tracker": "NAME"}
HELP = ("-h", "--help")
USAGE = "python -m pconfigs.run [options] TARGET [name=value ...] [options] [-- ARGS ...]"
AFTERWORD = """\
after the target:
  name=value   build a variant first (repeatable)
  --option     options that the class declares in make_argparser_args(cls, parser);
               to see them: python -m pconfigs.run TARGET --help
  -- ARGS      handed to main(namespace, ARGS) as they are

exit code: what main returns (None: 0, a text: 1, and on stderr), 1 if it raises or the
experiment cannot be built, 2 if the command is not understood, 130 if it was interrupted
"""


class RunArguments:
    """The words of one call, taken apart.

    Each option of `run` is an attribute: those before the target at once, those after it once
    these words are read. The values of options are as typed.

    Attributes:
        words: All words, as they were typed.
        target: As it was typed; None where help was asked for instead.
        following: Everything after the target, up to `--`.
        others: Everything after `--`.
        overrides: The words `name=value`, once read.
        options: The words that the class declares, once read.
    """

    smoke = dry_run = traceback = force = record = no_record = sweep = detach = False
    fail_fast = retry_failed = with_deps = again = False
    resume = accept_changes = as_recorded = into = False
    save_as: str | None = None
    record_reads: str | None = None
    slots: str | None = None
    on: str | None = None
    tracker: str | None = None

    def __init__(self, words: list[str], others: list[str]) -> None:
        self.words, self.others = words, others
        self.target: str | None = None
        self.following: list[str] = []
        self.overrides: list[str] = []
        self.options: list[str] = []

    def take(self, option: str, value: str | bool = True) -> None:
        """Set the attribute of an option."""
        setattr(self, option.strip("-").replace("-", "_"), value)

    def has(self, option: str) -> bool:
        """Return whether an option without a value is given."""
        return bool(getattr(self, option.strip("-").replace("-", "_")))

    @property
    def continues(self) -> bool:
        """Whether the target is a run that goes on in its own folder."""
        return self.resume or self.into

    @property
    def launches(self) -> bool:
        """Whether processes of their own are started, also for a single experiment."""
        return self.sweep or self.detach or self.slots is not None or self.on is not None

    @property
    def trackers(self) -> list[str]:
        """Names of trackers."""
        return [name for name in (self.tracker or "").split(",") if name]


def read(command: str, words: list[str]) -> tuple[str, RunArguments]:
    """Return the function that does the work, and the words to call it with, taken apart.

    Raises:
        UsageError: They are not understood.
    """
    given = split_words(words)
    if given.target is None:
        parser(command).print_help()
        raise SystemExit(0)
    if given.into and is_recorded(given.target):
        return "run_job.command", given
    if is_recorded(given.target) or given.as_recorded or "--as-recorded" in given.following:
        return "run_again.command", given
    if any(word.startswith("@") for word in given.following):
        return "run_class.command", given
    return f"{command}.command", given


def split_words(words: list[str]) -> RunArguments:
    """Return the words of a call, taken apart by their places; nothing is imported for it.

    Raises:
        UsageError: There is no target, or an option before it is unknown.
    """
    end = words.index("--") if "--" in words else len(words)
    given = RunArguments(words, words[end + 1 :])
    awaiting = ""  # the option whose value is the next word
    for at, word in enumerate(words[:end]):
        option, equals, value = word.partition("=")
        if word in HELP:
            return given
        if awaiting:
            given.take(awaiting, word)
            awaiting = ""
        elif word in FLAGS:
            given.take(word)
        elif option in VALUED:
            if equals:
                given.take(option, value)
            else:
                awaiting = option
        elif option == "--config":
            raise UsageError("run", "write the target without --config", [FORMS])
        elif word.startswith("-"):
            raise unknown_option("run", word, [*FLAGS, *VALUED, *HELP])
        else:
            given.target, given.following = word, words[at + 1 : end]
            return given
    raise UsageError("run", "which target?", [FORMS])


def parser(command: str) -> Arguments:
    """Return the parser of the options of `run` before any target."""
    parser = Arguments(command, "Build an experiment and run it.", USAGE)
    parser.add_argument("target", metavar="TARGET", help=TARGET_HELP)
    add_options(parser)
    parser.add_argument("overrides", nargs="*", metavar="name=value", help="build a variant first")
    parser.epilog = AFTERWORD
    return parser


def add_options(parser: argparse.ArgumentParser, title: str | None = None) -> None:
    """Let a parser take the options of `run`, but for those that it has already.

    With a title they are a group of its help.
    """
    group = parser if title is None else parser.add_argument_group(title)
    taken = known_options(parser)
    # Under a name that no attribute can have: the namespace is the class's own.
    for option, text in FLAGS.items():
        if option not in taken:
            group.add_argument(option, action="store_true", dest=option, help=text)
    for option, text in VALUED.items():
        if option not in taken:
            metavar = METAVARS.get(option, "FILE")
            group.add_argument(option, metavar=metavar, dest=option, help=text)
