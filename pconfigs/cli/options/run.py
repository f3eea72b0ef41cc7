"""Options of `python -m pconfigs.run`, and the places of its other words."""

from __future__ import annotations

from pconfigs.cli.arguments import TARGET_HELP, TRACEBACK_HELP, Arguments, unknown_option
from pconfigs.cli.targets import is_recorded
from pconfigs.errors.targets import FORMS, UsageError

OPTIONS = {
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
SAVE_AS = "--save-as"
SAVE_AS_HELP = "write the variant that overrides make to FILE first, as one that inherits"
RECORD_READS = "--record-reads"
RECORD_READS_HELP = "write to FILE which fields are read, for explain --unused --reads FILE"
SLOTS, ON, TRACKER = "--slots", "--on", "--tracker"
VALUED = {
    SAVE_AS: SAVE_AS_HELP,
    RECORD_READS: RECORD_READS_HELP,
    SLOTS: "how many runs of a sweep run at a time on this machine (1)",
    ON: "launch it by an executor: a profile of env.toml, or a dotted path",
    TRACKER: "send the run to a tracker: tensorboard, mlflow or wandb; several with commas",
}
METAVARS = {SLOTS: "N", ON: "EXECUTOR", TRACKER: "NAME"}
LAUNCHING = ("--sweep", "--detach", SLOTS, ON)
"""Options that start processes of their own, also for a single experiment."""
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

    Attributes:
        target: As it was typed; None where help was asked for instead.
        own: Options of `run` before the target.
        following: Everything after the target, up to `--`.
        others: Everything after `--`.
        overrides: The words `name=value`, once read.
        options: The words that the class declares, once read.
        words: All words, as they were typed.
    """

    def __init__(
        self,
        target: str | None,
        own: list[str],
        following: list[str],
        others: list[str],
    ) -> None:
        self.target = target
        self.own = own
        self.following = following
        self.others = others
        self.overrides: list[str] = []
        self.options: list[str] = []
        self.words: list[str] = []

    @property
    def continues(self) -> bool:
        """Whether the target is a run that goes on in its own folder."""
        return "--resume" in self.own or "--into" in self.own

    @property
    def accepts_changes(self) -> bool:
        """Whether a run may be repeated with other code than it had."""
        return "--accept-changes" in self.own

    @property
    def launches(self) -> bool:
        """Whether processes of their own are started; known once the words are read."""
        names = {word.partition("=")[0] for word in self.own}
        return bool(names & set(LAUNCHING))

    @property
    def is_sweep(self) -> bool:
        """Whether overrides list several values."""
        return "--sweep" in self.own

    @property
    def executor(self) -> str | None:
        """The executor to launch by, as typed, or None."""
        return self._given(ON)

    @property
    def trackers(self) -> list[str]:
        """Names of trackers, as typed."""
        return [name for name in (self._given(TRACKER) or "").split(",") if name]

    @property
    def slots(self) -> str | None:
        """How many runs run at a time, as typed, or None."""
        return self._given(SLOTS)

    @property
    def with_deps(self) -> bool:
        """Whether the experiments that it needs are run first."""
        return "--with-deps" in self.own

    @property
    def is_job(self) -> bool:
        """Whether an executor started this process, and vouches that no other one runs it."""
        return "--into" in self.own

    @property
    def dry_run(self) -> bool:
        """Whether nothing is to be run."""
        return "--dry-run" in self.own

    @property
    def save_as(self) -> str | None:
        """The file to write the variant to, or None."""
        return self._given(SAVE_AS)

    @property
    def record_reads(self) -> str | None:
        """The file for a record of what was read, or None."""
        return self._given(RECORD_READS)

    @property
    def record(self) -> bool:
        """Whether the run is to be recorded in any case."""
        return "--record" in self.own

    @property
    def no_record(self) -> bool:
        """Whether the run is not to be recorded in any case."""
        return "--no-record" in self.own

    def _given(self, option: str) -> str | None:
        words = [word for word in self.own if word.startswith(f"{option}=")]
        return words[-1].partition("=")[2] if words else None

    @property
    def smoke(self) -> bool:
        """Whether the small variant is to be run."""
        return "--smoke" in self.own


def read(words: list[str]) -> tuple[str, RunArguments]:
    """Return the function that does the work, and the words to call it with, taken apart.

    Raises:
        UsageError: They are not understood.
    """
    given = split_words(words)
    if given.target is None:
        parser().print_help()
        raise SystemExit(0)
    if given.is_job and is_recorded(given.target):
        return "run_job.command", given
    if is_recorded(given.target) or "--as-recorded" in (*given.own, *given.following):
        return "run_again.command", given
    if any(word.startswith("@") for word in given.following):
        return "run_class.command", given
    return "run.command", given


def split_words(words: list[str]) -> RunArguments:
    """Return the words of a call, taken apart by their places; nothing is imported for it.

    Raises:
        UsageError: There is no target, or an option before it is unknown.
    """
    end = words.index("--") if "--" in words else len(words)
    others = words[end + 1 :]
    own: list[str] = []
    for at, word in enumerate(words[:end]):
        if word in HELP:
            return RunArguments(None, [], [], [])
        if own and own[-1] in VALUED:
            own[-1] = f"{own[-1]}={word}"
            continue
        if word in OPTIONS or word.partition("=")[0] in VALUED:
            own.append(word)
            continue
        if word == "--config" or word.startswith("--config="):
            raise UsageError("run", "write the target without --config", [FORMS])
        if word.startswith("-"):
            raise unknown_option("run", word, [*OPTIONS, *VALUED, *HELP])
        given = RunArguments(word, own, words[at + 1 : end], others)
        given.words = words
        return given
    raise UsageError("run", "which target?", [FORMS])


def parser() -> Arguments:
    """Return the parser of the options of `run` before any target."""
    parser = Arguments("run", "Build an experiment and run it.", USAGE)
    parser.add_argument("target", metavar="TARGET", help=TARGET_HELP)
    for option, text in OPTIONS.items():
        parser.add_argument(option, action="store_true", help=text)
    for option, text in VALUED.items():
        parser.add_argument(option, metavar=METAVARS.get(option, "FILE"), help=text)
    parser.add_argument("overrides", nargs="*", metavar="name=value", help="build a variant first")
    parser.epilog = AFTERWORD
    return parser
