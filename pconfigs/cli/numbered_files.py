"""Numbered experiments: `01_baseline.py`, `02_high_lr_01.py`, names that keep the lineage.

A name has a number, words for what is different, and the number of the file that it is based on.
"""

from __future__ import annotations

import os
import re

from pconfigs.cli.output import placed
from pconfigs.errors.targets import UsageError

_NUMBERED = re.compile(r"(\d+)_\w+")
LONGEST = 40
"""Characters of the words of a name."""


def next_name(command: str, folder: str, base: str | None, words: list[str]) -> str:
    """Return the file for the next experiment of a folder of numbered ones.

    Args:
        command: The command, for errors.
        folder: The folder.
        base: File of the experiment that the next one is based on.
        words: What is different, as `name=value`.

    Raises:
        UsageError: The folder has no numbered file.
    """
    numbers: dict[str, str] = {}
    for file in os.listdir(placed(folder)):
        match = _NUMBERED.fullmatch(file.removesuffix(".py"))
        if file.endswith(".py") and match is not None:
            numbers[file] = match[1]
    if not numbers:
        hint = f"give the name of a file, such as {os.path.join(folder, 'third.py')}"
        raise UsageError(command, f"{folder} must have numbered files (01_first.py)", [hint])
    last = max(numbers.values(), key=int)
    number = str(int(last) + 1).zfill(len(last))
    parent = numbers.get(os.path.basename(base or ""), "")
    parts = [number, _slug(words), parent if base and _is_in(base, folder) else ""]
    return os.path.join(folder, "_".join(filter(None, parts)) + ".py")


def _is_in(file: str, folder: str) -> bool:
    return os.path.realpath(os.path.dirname(file)) == os.path.realpath(placed(folder))


def _slug(words: list[str]) -> str:
    """Return words for a name: `lr=3e-4 model.depth=8` as `lr_3e_4_depth_8`."""
    parts: list[str] = []
    for word in words:
        path, _, value = word.partition("=")
        dotted = all(part.isidentifier() for part in value.split("."))
        shown = value.rpartition(".")[2] if dotted else value
        parts += [path.rpartition(".")[2].rstrip("+-"), shown]
    text = re.sub(r"[^A-Za-z0-9]+", "_", "_".join(parts)).strip("_").lower()
    return text[:LONGEST].strip("_") or "variant"
