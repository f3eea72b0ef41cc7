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

from tests.modules import forget_modules
from tests.pages import ROOT, PageRun, blocks_of
from tests.test_notebook import NOTEBOOK, executed, text_of

WALKS = [["quickstart", "systems", "variants", "adopt"], ["from-hydra"]]
"""Pages that are followed in one folder. The README is followed in a clone, by test_docs.py."""


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
@pytest.mark.parametrize("name", [name for walk in WALKS for name in walk])
def test_the_site_shows_the_code_of_the_page(name, site):
    """What the tests of pages run is what a reader sees."""
    shown = code_on((site / f"{name}.html").read_text(encoding="utf-8"))
    source = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    assert [block.text.strip("\n") for block in blocks_of(source)] == shown


@pytest.mark.slow
def test_the_site_names_the_file_of_each_block(site):
    """A block that is to be written to a file shows its name, as the page's comment does not."""
    named = 0
    for source in sorted((ROOT / "docs").rglob("*.md")):
        text = source.read_text(encoding="utf-8")
        names = re.findall(r"^[ \t]*<!-- file: (\S+) -->$", text, re.MULTILINE)
        page = site / source.relative_to(ROOT / "docs").with_suffix(".html")
        shown = re.findall(r'<span class="filename">([^<]*)</span>', page.read_text("utf-8"))
        assert shown == names, source.name
        named += len(names)
    assert named > 50


@pytest.mark.slow
@pytest.mark.parametrize("walk", WALKS, ids="-".join)
def test_the_first_hour_in_an_empty_folder(walk, tmp_path, monkeypatch):
    """A first experiment, a system with parts, variants, a port of YAML files; a port of Hydra."""
    for name in [name for name in sys.modules if name.partition(".")[0] in {"lab", "project"}]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in walk:
        run = PageRun(ROOT / "docs" / f"{name}.md", tmp_path, with_project=False)
        monkeypatch.setitem(sys.modules, "__main__", run.module)
        run.run()
    forget_modules(tmp_path)
    assert not (tmp_path / "project").exists()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_notebook_in_an_empty_folder(tmp_path):
    """Without its last two cells, as it advises where there is no `project/`."""
    nbformat = pytest.importorskip("nbformat")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    del notebook.cells[-2:]
    texts = [text_of(cell) for cell in executed(notebook, tmp_path).cells if "outputs" in cell]
    assert texts[2] == "[0.0, 0.5, 1.0]"
    assert [text for text in texts if "Error" in text] == texts[5:]
    assert len(texts[5:]) == 2
