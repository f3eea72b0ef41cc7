"""The commands of `pconfigs`, and their exit codes.

Exit codes: 0 done; 1 it ran and failed, or differs; 2 not understood; 130 interrupted.
"""

from __future__ import annotations

from pconfigs.cli import output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COMMANDS = {
    "init": "write a new project that runs and passes its tests",
    "run": "build an experiment and run it",
    "runs": "list the recorded runs of a project, and commands about them",
    "print": "print everything a config resolves to, as Python code",
    "explain": "show where values come from, and what they feed",
    "diff": "show what differs between two configs",
    "derive": "write a variant of an experiment as a file that inherits from it",
    "adopt": "write config classes and experiments for a config of another tool",
    "freeze": "write an experiment as a file that depends on no other",
    "help": "show what can be set in a config, and what each field means",
    "graph": "write a picture of a config, or of what differs between two",
    "list": "list the experiments of a project",
    "test": "test the experiments of a project",
    "agents": "write rules for coding agents into a project's AGENTS.md",
}
ALIASES = {"print_code": "print"}
OPTIONS = {"run": "run_options", "runs": "runs_options"}
"""The modules with the options of a command; for all others that is `options`."""
DONE, FAILED, NOT_UNDERSTOOD, INTERRUPTED = 0, 1, 2, 130


def exit_code(result: object) -> int:
    """Return the exit code that Python would make of `sys.exit(result)`; a text goes to stderr."""
    if result is None:
        return DONE
    if isinstance(result, int):
        # A shell keeps eight bits: 256 must not read as success.
        return result & 0xFF or (FAILED if result else DONE)
    output.print_error(str(result))
    return FAILED


def of_options(function: str, command: str) -> Any:
    """Return a function of the module with the options of a command: `parser` or `read`."""
    return member(f"{OPTIONS.get(command, 'options')}.{function}")


def member(name: str) -> Any:
    """Return the function of a module of `pconfigs.cli`; `name` is `module.function`."""
    module, _, function = name.rpartition(".")
    return getattr(__import__(f"pconfigs.cli.{module}", fromlist=[function]), function)
