"""The page on the API leaves nothing out."""

from pathlib import Path

import pconfigs
from pconfigs import errors

PAGE = (Path(__file__).parents[1] / "docs" / "api.md").read_text(encoding="utf-8")
SHOWN = {line.removeprefix("::: ") for line in PAGE.splitlines() if line.startswith("::: ")}


def test_every_public_name_is_shown():
    homes = {f"{home}.{name}" for name, home in pconfigs._HOMES.items()}
    missing = {name for name in homes if not {name, name.rpartition(".")[0]} & SHOWN}
    assert missing == set()


def test_every_error_is_shown():
    assert {f"pconfigs.errors.{home}" for home in errors._HOMES.values()} - SHOWN == set()
