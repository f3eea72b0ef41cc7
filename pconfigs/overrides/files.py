"""Files among overrides: a word `@patch.yaml` lays a file over the config."""

from __future__ import annotations

import os

from pconfigs.errors.targets import SAVED_CONFIGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any


def overlay_file(word: str) -> str | None:
    """Return the file of a word `@patch.yaml`, or None for all other words."""
    if word[:1] != "@":
        return None
    return word[1:] if os.path.splitext(word)[1].lower() in SAVED_CONFIGS else None


def groups_of(words: Iterable[str]) -> Iterator[tuple[str | None, list[str]]]:
    """Yield files, and the words between them, in order."""
    group: list[str] = []
    for word in words:
        file = overlay_file(word)
        if file is None:
            group.append(word)
            continue
        if group:
            yield None, group
        yield file, []
        group = []
    if group:
        yield None, group


def laid_over(config: Any, file: str) -> Any:
    """Return a config with a file laid over it; `${mul:a,b}` and other arithmetic is computed."""
    # With the first file: what loads configs is loaded.
    from pconfigs.overrides import overlays

    return overlays.laid_over(config, file)
