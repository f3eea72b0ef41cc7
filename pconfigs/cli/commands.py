"""The commands of `pconfigs`, each with what it does."""

from __future__ import annotations

# Each command is a module of pconfigs.cli with a function `command(words) -> exit code`.
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
