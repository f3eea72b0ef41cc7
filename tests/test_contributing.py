"""The pages for contributors name files, folders and commands that exist."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *(ROOT / "docs" / "design").rglob("*.md")]
HOMES = [ROOT, ROOT / "pconfigs"]
"""The folders that paths in a page start from."""


def _is_there(name):
    return any((home / name).exists() for home in HOMES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_named_files_exist(page):
    text = page.read_text(encoding="utf-8")
    linked = {page.parent / name for name in re.findall(r"\]\(([\w./-]+)[#)]", text)}
    quoted = set(re.findall(r"`((?:[\w.-]+/)+[\w.-]*)`", text))
    named = {name for name in quoted if "NAME" not in name and _is_there(name.split("/")[0])}
    assert [path for path in linked if not path.exists()] == []
    assert [name for name in named if not _is_there(name)] == []


def test_layers_are_those_of_the_import_contract():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"][1:]  # without entry points
    page = (ROOT / "docs" / "design" / "contract.md").read_text(encoding="utf-8")
    block = re.search(r"```text\n(.*?)```", page, re.DOTALL)[1]
    shown = [re.match(r"\w+( \| \w+)*", line)[0] for line in block.splitlines()]
    assert shown == [re.sub(r"[()]", "", layer) for layer in layers]


def test_every_decision_is_listed():
    folder = ROOT / "docs" / "design"
    listed = re.findall(r"\]\((decisions/[\w.-]+)\)", (folder / "index.md").read_text("utf-8"))
    assert listed == sorted(
        p.relative_to(folder).as_posix() for p in folder.rglob("decisions/*.md")
    )


def test_decisions_have_the_same_parts():
    """Half a page each: decision, reason, cost."""
    for path in (ROOT / "docs" / "design" / "decisions").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"^\*\*(Decision|Why|How|Cost)\.\*\*", text, re.MULTILINE)[:2] == [
            "Decision",
            "Why",
        ]
        assert "**Cost.**" in text
        assert len(text.splitlines()) <= 30
