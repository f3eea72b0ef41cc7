"""Whole messages, as a reviewer reads them: tests/golden/<case>/{command.txt, message.out}."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[1] / "golden"
# Each Python draws its own marks below a line of a traceback.
CARETS = re.compile(r"^(  File .*\n    .*\n) +[~^]+\n", re.MULTILINE)


CASES = [
    "bad_choice",
    "cycle",
    "failing_import",
    "failing_property",
    "misspelt_field",
    "missing_fields",
    "outside_calls",
    "outside_parameters",
    "overrides",
    "pinned_field_set",
    "scripts",
    "second_default",
    "unknown_target",
    "wrong_path",
    "wrong_type",
]


@pytest.mark.parametrize("case", CASES)
def test_a_refused_command_states_exactly_this(lab, case):
    """Set UPDATE_GOLDEN=1 to rewrite, and review the change."""
    folder = GOLDEN / case
    shutil.copytree(folder / "lab", lab.folder / "lab", dirs_exist_ok=True)
    told = []
    for line in (folder / "command.txt").read_text().splitlines():
        done = lab.call(*line.split())
        assert done.out == ""
        message = CARETS.sub(r"\1", done.err.replace(f"{lab.folder}{os.sep}", ""))
        told.append(f"$ pconfigs {line}\n{message}[exit {done.code}]\n")
    text = "\n".join(told)
    if os.environ.get("UPDATE_GOLDEN"):
        (folder / "message.out").write_text(text)
    assert text == (folder / "message.out").read_text()
