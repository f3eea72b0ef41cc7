"""Golden files: given.py and the text that is printed of its config."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

import black
import pytest

from pconfigs.codegen.printer import to_code, to_listing
from pconfigs.reports.flat_listing import flat_lines
from pconfigs.reports.printed_json import to_json

GOLDEN = Path(__file__).parent.parent / "golden"
PRINTERS = {
    "code.out": to_listing,
    "values.out": lambda config: f"{to_code(config)}\n",
    "flat.out": lambda config: "\n".join(flat_lines(config)) + "\n",
    "json.out": to_json,
}
CASES = [(case.name, name) for case in sorted(GOLDEN.glob("text_*")) for name in PRINTERS]


def printed(case: str, name: str) -> str:
    config: Any = importlib.import_module(f"tests.golden.{case}.given").config
    text = PRINTERS[name](config)
    return text.encode("utf-8", "backslashreplace").decode()


@pytest.mark.parametrize(("case", "name"), CASES)
def test_what_is_printed_is_what_the_golden_file_holds(case: str, name: str) -> None:
    """Set UPDATE_GOLDEN=1 to write the files anew, then read what changed."""
    path = GOLDEN / case / name
    text = printed(case, name)
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", sorted({case for case, _ in CASES}))
def test_golden_code_is_as_black_would_have_it(case: str) -> None:
    """black has nothing to change in any golden code."""
    text = printed(case, "code.out")
    assert black.format_str(text, mode=black.Mode()) == text
