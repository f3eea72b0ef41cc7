"""Whole messages, as a reviewer reads them: tests/golden/<case>/{mistakes.py, messages.out}.

Each function of `mistakes.py` makes one mistake. Set UPDATE_GOLDEN=1 to rewrite the messages.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

from pconfigs import PConfigError

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("case", ["arrays", "enums", "environment", "first_hour", "setting"])
def test_a_mistake_is_reported_in_exactly_these_words(case, monkeypatch):
    if case == "arrays":
        pytest.importorskip("numpy")
    folder = GOLDEN / case
    for name in ("HOME", "JOBS", "DEBUG", "BACKEND", "LEVEL", "TOKEN", "RUN_SHELL"):
        monkeypatch.setenv(name, "")  # so that it is restored, whatever a mistake sets
        monkeypatch.delenv(name)
    spec = importlib.util.spec_from_file_location("mistakes", folder / "mistakes.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(__import__("sys").modules, "mistakes", module)
    spec.loader.exec_module(module)
    told = []
    for name, function in vars(module).items():
        if getattr(function, "__module__", None) == "mistakes" and not isinstance(function, type):
            if not hasattr(function, "__code__"):
                continue
            with pytest.raises((PConfigError, AttributeError, LookupError, TypeError)) as caught:
                function()
            error = caught.value
            notes = "".join(f"{note}\n" for note in getattr(error, "__notes__", ()))
            words = f"{error}\n{notes}".replace(f"{folder}{os.sep}", "")
            words = words.replace(f"{os.path.relpath(folder)}{os.sep}", "")
            told.append(f"# {name}\n{type(error).__name__}: {words}")
    text = "\n".join(told)
    if os.environ.get("UPDATE_GOLDEN"):
        (folder / "messages.out").write_text(text)
    assert text == (folder / "messages.out").read_text()
