"""`pconfigs <command>`: from words to one command, and from errors to words and exit codes.

Exit codes: 0 done; 1 it ran and failed, or differs; 2 it could not be understood; 130 interrupted.
"""

from __future__ import annotations

import atexit
import gc
import sys

from pconfigs.cli import output, terminal
from pconfigs.cli.commands import (
    ALIASES,
    COMMANDS,
    DONE,
    INTERRUPTED,
    exit_code,
    member,
    of_options,
)

# Their stdout is for other programs, too: what modules and properties print is not of it.
SHOWING = {"print", "explain", "diff", "derive", "freeze", "help", "graph", "list"}

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> int:
    """Exit code of `pconfigs <command> …`, as typed."""
    words = sys.argv[1:]
    if terminal.asks_for_completion():
        member("completion.complete")()
        return DONE
    if words and words[0] in COMMANDS.keys() | ALIASES.keys():
        return run_command(words[0], words[1:])
    return guarded(member("overview.command"), words)


def main_of(command: str) -> int:
    """Exit code of `python -m pconfigs.<command> …`, as typed."""
    return run_command(command, sys.argv[1:])


def run_command(name: str, words: list[str]) -> int:
    """Exit code of the command `name`, given `words`."""
    name = ALIASES.get(name, name)

    def command(words: list[str]) -> int:
        output.begin()
        try:
            return perform(name, words)
        finally:
            output.end()

    if name not in SHOWING:
        return guarded(command, words)
    # The interpreter ends with a search for cycles in all that was loaded: 2 ms of 29.
    atexit.register(gc.freeze)
    return guarded(lambda words: terminal.with_results_apart(command, words), words)


def perform(name: str, words: list[str]) -> int:
    """Read the options of a command, then do its work; return the exit code.

    Reading them names the function that does the work. Its module is loaded once the words are
    understood, so that help and refusals do not wait for it.
    """
    if name == "print" and len(words) == 1 and words[0][:1] != "-":
        # What people wait for: it does without argparse (7 ms).
        work, asked = "print.plain", words[0]
    else:
        work, asked = of_options("read", name)(name, words)
    code: int = member(work)(asked)
    return code


def guarded(command: Callable[[list[str]], int], words: list[str]) -> int:
    """Exit code of `command(words)`; what it raises becomes words on stderr and an exit code."""
    try:
        code = command(words)
        output.flush()
        return code
    except KeyboardInterrupt:
        output.print_error("interrupted")
        return INTERRUPTED
    except SystemExit as error:
        return exit_code(error.code)
    except BrokenPipeError as error:
        if output.reader_has_gone():
            output.drop_stdout()
            return output.PIPE_CLOSED
        return report(error, words)
    except BaseException as error:
        return report(error, words)


def report(error: BaseException, words: list[str]) -> int:
    """Print the error to stderr; return the exit code."""
    # With the first error: tracebacks and re take 5 ms.
    from pconfigs.cli.error_report import report_error

    own = words[: words.index("--")] if "--" in words else words
    try:
        output.flush()
    except BrokenPipeError:
        output.drop_stdout()
    return report_error(error, words, whole="--traceback" in own)
