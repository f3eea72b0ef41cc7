"""Overrides: `name=value` words behind a target, which make a variant of it."""

from __future__ import annotations

from pconfigs.errors.targets import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def overridden(command: str, found: Any, words: Sequence[str]) -> Any:
    """What the target leads to, with the overrides in `words` applied.

    Raises:
        UsageError: There are any; they are not supported yet.
    """
    if not words:
        return found
    name = type(found).__name__
    raise UsageError(
        command,
        f"overrides are not supported yet: {' '.join(words)}",
        [f"write an experiment instead: config = {name}(base, ...), with the changes as keywords"],
    )
