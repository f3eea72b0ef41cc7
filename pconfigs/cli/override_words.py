"""Which words of a command line are overrides."""

from __future__ import annotations

from pconfigs.cli.targets import is_recorded
from pconfigs.overrides.assignments import assignment
from pconfigs.overrides.files import overlay_file
from pconfigs.overrides.habits import is_habit


def is_override(word: str) -> bool:
    """Return whether a word sets something: `base_lr=3e-4`, `tags+=[a]`, `@patch.yaml`."""
    if word[:1] == "@":
        return overlay_file(word) is not None
    if word[:1] in ("+", "~"):
        return is_habit(word)
    if "=" not in word:
        return False
    # Names of runs contain overrides: runs/first,steps=2-cc335e74.1
    return not is_recorded(word) and assignment(word) is not None
