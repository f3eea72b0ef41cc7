"""`pconfigs <command>`: from words to one command, and from errors to words and exit codes.

Exit codes: 0 done; 1 it ran and failed, or differs; 2 it could not be understood; 130 interrupted.
"""

from __future__ import annotations

import sys

from pconfigs.cli import output, terminal
from pconfigs.cli.commands import ALIASES, COMMANDS, DONE, INTERRUPTED, exit_code

# Their stdout is for other programs, too: what modules and properties print is not of it.
SHOWING = {"print", "explain", "diff", "derive", "freeze", "help", "graph", "list"}

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> int:
    """Exit code of `pconfigs <command> …`, as typed."""
    words = sys.argv[1:]
    if terminal.asks_for_completion():
        from pconfigs.cli.completion import complete

        complete()
        return DONE
    if words and words[0] in COMMANDS.keys() | ALIASES.keys():
        return run_command(words[0], words[1:])
    return guarded(without_command, words)


def main_of(command: str) -> int:
    """Exit code of `python -m pconfigs.<command> …`, as typed."""
    return run_command(command, sys.argv[1:])


def run_command(name: str, words: list[str]) -> int:
    """Exit code of the command `name`, given `words`."""
    name = ALIASES.get(name, name)
    module = __import__(f"pconfigs.cli.{name}", fromlist=["command"])
    if name not in SHOWING:
        return guarded(module.command, words)
    return guarded(lambda words: terminal.with_results_apart(module.command, words), words)


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
    from pconfigs.cli.error_report import report_error

    own = words[: words.index("--")] if "--" in words else words
    try:
        output.flush()
    except BrokenPipeError:
        output.drop_stdout()
    return report_error(error, whole="--traceback" in own)


def without_command(words: list[str]) -> int:
    """Help, version, or what is wrong with the first word."""
    from pconfigs.cli.arguments import overview, unknown_command, version

    if not words:
        raise unknown_command("", COMMANDS)
    if words[0] in ("-h", "--help") and len(words) == 1:
        output.write(overview(COMMANDS))
        return DONE
    if words[0] == "--version":
        output.write(version())
        return DONE
    raise unknown_command(words[0], COMMANDS)
