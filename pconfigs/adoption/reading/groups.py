"""Groups that no defaults list of a tree of Hydra names, and files that none chooses."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path as FilePath

from pconfigs.errors.base import Problem

YAML = (".yaml", ".yml")
SETTINGS = "hydra"
"""The group with settings of Hydra itself."""
MOST_FOLDERS = 1_000
"""Folders below that of the main file that are looked into."""


def left_out(file: FilePath, read: Collection[FilePath]) -> list[Problem]:
    """Return the groups and files that are not adopted.

    Args:
        file: The main file.
        read: The files that are.
    """
    known = {os.path.realpath(path) for path in read}
    found: list[Problem] = []
    unnamed: list[str] = []
    for group, files in groups_below(file.parent):
        others = [path for path in files if os.path.realpath(path) not in known]
        if len(others) < len(files):
            found += [_not_chosen(path, group, file) for path in others]
        elif not any(f"{group}/".startswith(f"{above}/") for above in unnamed):
            unnamed.append(group)
            words = "is a group that no defaults list names, and is left out"
            hint = f"name it in {file} to adopt it: `- {group}: null`"
            found.append(Problem(str(file.parent / group), words, hint))
    return found


def _not_chosen(path: FilePath, group: str, file: FilePath) -> Problem:
    """Return why a file next to one that is adopted is left out."""
    twin = path.with_suffix(YAML[0])
    if path != twin and twin.is_file():
        return Problem(str(path), f"is left out, as {twin.name} has its name", "rename it")
    words = "is a file that no defaults list chooses, and is left out"
    hint = f"name its group in {file} to adopt it: `- {group}: {path.stem}`"
    return Problem(str(path), words, hint)


def groups_below(folder: FilePath) -> Iterator[tuple[str, list[FilePath]]]:
    """Yield each group below a folder, `model/encoder`, with its YAML files; outer ones first.

    Links are followed to each folder once.
    """
    places, seen = [""], {os.path.realpath(folder)}
    while places and len(seen) <= MOST_FOLDERS:
        group = places.pop(0)
        inside = sorted((folder / group).iterdir()) if group else sorted(folder.iterdir())
        files = [path for path in inside if path.suffix in YAML and not path.is_dir()]
        if group and files:
            yield group, files
        for path in inside:
            hidden = path.name.startswith(".") or (not group and path.name == SETTINGS)
            if hidden or not path.is_dir() or (real := os.path.realpath(path)) in seen:
                continue
            seen.add(real)
            places.append(f"{group}/{path.name}" if group else path.name)
