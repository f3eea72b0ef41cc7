"""What the readers print, as a reviewer reads it: tests/golden/readers/session.out."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

GOLDEN = Path(__file__).parents[1] / "golden" / "readers"


def session(lab):
    """The commands with what they print, one after the other."""
    shutil.copytree(GOLDEN / "lab", lab.folder / "lab", dirs_exist_ok=True)
    told = []
    for line in (GOLDEN / "commands.txt").read_text(encoding="utf-8").splitlines():
        done = lab.call(*line.split())
        told.append(f"$ pconfigs {line}\n{done.out}{done.err}[exit {done.code}]\n")
    return "\n".join(told)


def test_the_readers_print_exactly_this(lab):
    """Set UPDATE_GOLDEN=1 to rewrite, and review the change."""
    text = session(lab)
    if os.environ.get("UPDATE_GOLDEN"):
        (GOLDEN / "session.out").write_text(text, encoding="utf-8")
    assert text == (GOLDEN / "session.out").read_text(encoding="utf-8")


def test_no_line_is_too_wide(lab):
    """Listings keep to 100 columns; diffs of code and data are as wide as what they show."""
    shutil.copytree(GOLDEN / "lab", lab.folder / "lab", dirs_exist_ok=True)
    for words in (["explain", "lab.second"], ["diff", "lab.first", "lab.second"]):
        assert max(map(len, lab.call(*words).out.splitlines())) <= 100
