"""Options of `python -m pconfigs.diff`."""

from __future__ import annotations

from argparse import Namespace

from pconfigs.cli.arguments import Arguments
from pconfigs.errors.targets import FORMS, UsageError


def read(words: list[str]) -> tuple[str, Namespace]:
    """Return the function that does the work, and the options to call it with.

    Raises:
        UsageError: The words have too few or too many targets.
    """
    asked = parser().read_targets(words)
    if len(asked.targets) == 1 and asked.targets[0][1]:
        # A target and what would be changed in it.
        asked.targets.insert(0, (asked.targets[0][0], []))
    if len(asked.targets) != 2:
        count = "one target" if len(asked.targets) == 1 else f"{len(asked.targets)} targets"
        raise UsageError(
            "diff", f"diff takes two targets, or one with overrides, got {count}", [FORMS]
        )
    return "diff.command", asked


def parser() -> Arguments:
    """Return the parser of the command line."""
    usage = "python -m pconfigs.diff A [name=value ...] [B [name=value ...]] [options]"
    about = "Show what differs between two configs; exit 1 if anything does."
    parser = Arguments("diff", about, usage)
    parser.add_targets()
    parser.add_argument("--inputs", action="store_true", help="only what was set, not what follows")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--stat", action="store_true", help="only how many values differ, and where")
    form.add_argument("--unified", action="store_true", help="a unified diff of the printed codes")
    form.add_argument("--json", action="store_true", help="as JSON")
    return parser
