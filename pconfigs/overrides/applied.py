"""Words of a command line that set something, and what later words change in it."""

from __future__ import annotations

from pconfigs.errors.paths import PathError
from pconfigs.markers import Omitted
from pconfigs.overrides.override_target import OverrideRefused, OverrideTarget, slot_at
from pconfigs.tree.paths import Item, Path, path_from

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class AppliedOverride:
    """A value that a word gives, and what later words change in it."""

    __slots__ = ("inner", "path", "slot", "value", "word")

    def __init__(self, path: Path, word: str, slot: OverrideTarget, value: Any) -> None:
        self.path, self.word, self.slot, self.value = path, word, slot, value
        self.inner: list[AppliedOverride] = []

    def leaves_out_in(self, path: Path) -> bool:
        """Return whether an item is left out of what is at a path."""
        is_item = isinstance(self.path.step, Item)
        return self.value is Omitted and is_item and starts(self.path, path)


def starts(path: Path, start: Path) -> bool:
    """Return whether a path leads into what is at another, or to it."""
    return path.steps[: len(start)] == start.steps


def around(
    settings: list[AppliedOverride], root: OverrideTarget, path: Path, word: str
) -> AppliedOverride | None:
    """Return the setting of the value at a path, or of what it is in."""
    for count in range(1, len(path) + 1 if settings else 0):
        try:
            part = slot_at(root, path_from(path.steps[:count]), word).path
        except (PathError, OverrideRefused):
            return None
        for setting in settings:
            if setting.path.steps == part.steps:
                return setting
    return None
