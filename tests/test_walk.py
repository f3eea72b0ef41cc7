"""The first hour: pages of the built site, followed in their order in one empty folder.

Every page runs by itself in test_docs.py, next to a copy of `project/`. Here a user has nothing
but an installed pconfigs, and types what the site shows: so the blocks come from its HTML.
"""

from __future__ import annotations

import html
import re
import subprocess
import sys

import pytest

from tests.pages import ROOT, PageRun, blocks_of

WALK = ["quickstart", "systems", "variants", "adopt"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The built site; built once."""
    pytest.importorskip("mkdocs")
    pytest.importorskip("mkdocstrings")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", folder]
    done = subprocess.run(
        command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def code_on(page: str) -> list[str]:
    """Return the text of the code blocks of an HTML page, as a reader copies it."""
    blocks = re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>", "", block)).strip("\n") for block in blocks]


@pytest.mark.slow
@pytest.mark.parametrize("name", WALK)
def test_the_site_shows_the_code_of_the_page(name, site):
    """What the tests of pages run is what a reader sees."""
    shown = code_on((site / f"{name}.html").read_text(encoding="utf-8"))
    source = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    assert [block.text.strip("\n") for block in blocks_of(source)] == shown


@pytest.mark.slow
def test_the_first_hour_in_an_empty_folder(tmp_path, monkeypatch):
    """A first experiment, a system with parts, variants, and a port of YAML files."""
    before = set(sys.modules)
    for name in [name for name in before if name.partition(".")[0] in {"lab", "project"}]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in WALK:
        run = PageRun(ROOT / "docs" / f"{name}.md", tmp_path, with_project=False)
        monkeypatch.setitem(sys.modules, "__main__", run.module)
        run.run()
    for name in set(sys.modules) - before:
        del sys.modules[name]
    assert not (tmp_path / "project").exists()
