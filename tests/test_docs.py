"""Every code block of the README and the docs runs, and prints what the page shows."""

import re
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from tests.modules import forget_modules
from tests.pages import ROOT, PageError, PageRun, agrees, blocks_of

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SLOW = {
    "adopt.md", "artifacts.md", "from-argparse.md", "from-dataclasses.md", "from-hydra.md",
    "from-omegaconf.md", "overrides.md",
    "posttraining.md", "printing.md", "records.md", "results.md", "scripts.md", "testing.md",
}  # fmt: skip
"""Pages with trainings or many commands, which take more than two seconds."""


@pytest.fixture
def run_page(tmp_path, monkeypatch):
    """Run a page in a fresh folder, whose `project` shadows the repository's meanwhile."""
    for name in list(sys.modules):
        if name.partition(".")[0] == "project":
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))

    def run(page: Path) -> None:
        page_run = PageRun(page, tmp_path)
        monkeypatch.setitem(sys.modules, "__main__", page_run.module)
        page_run.run()

    yield run
    forget_modules(tmp_path)


@pytest.fixture
def run_text(run_page, tmp_path_factory):
    """Run a page given as text."""

    def run(text: str) -> None:
        page = tmp_path_factory.mktemp("pages") / "page.md"
        page.write_text(text, encoding="utf-8")
        run_page(page)

    return run


def _marked(page: Path):
    marks = [pytest.mark.slow] if page.name in SLOW else []
    return pytest.param(page, id=page.name, marks=marks)


@pytest.mark.parametrize("page", [_marked(page) for page in PAGES])
def test_what_a_page_shows_is_what_happens(page, run_page):
    run_page(page)


def test_each_page_of_the_path_ends_in_the_next():
    """From the quickstart to coding agents; the pages after these are for looking things up."""
    nav = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2]
    names = re.findall(r": ([\w-]+\.md)$", nav, re.MULTILINE)
    path = names[names.index("quickstart.md") : names.index("agents.md") + 1]
    assert len(path) > 30
    for name, following in pairwise(path):
        last = (ROOT / "docs" / name).read_text(encoding="utf-8").rstrip().splitlines()[-1]
        assert last.startswith("Next: "), name
        assert f"({following})" in last, name


def test_set_up_commands_are_in_the_readme_alone():
    """Blocks that are not run here are the two set-up commands, which `.ci/run` runs."""
    left_out = {
        page.name: [
            block.text.count("$ ")
            for block in blocks_of(page.read_text("utf-8"))
            if block.note == "set-up"
        ]
        for page in PAGES
    }
    assert {name: counts for name, counts in left_out.items() if counts} == {"README.md": [2]}


HOLDS = {
    "output of python": "```python\nprint(1 + 1)\n```\n\n```text\n2\n```\n",
    "value of an expression": "```python\nx = 2\nx + 1  # -> 3\n```\n",
    "one namespace": "```python\nx = 2\n```\n```python\nx  # -> 2\n```\n",
    "an exception that is shown": "```python\n1 / 0\n```\n```text\nZeroDivisionError: ...\n```\n",
    "a file": "<!-- file: d/a -->\n```text\nb = 3\n```\n```console\n$ cat d/a\nb = 3\n```\n",
    "a module": (
        "<!-- file: c.py -->\n```python\nb = 3\n```\n"
        "```python\nfrom c import b\nprint(b)\n```\n```text\n3\n```\n"
    ),
    "a future": "```python\nfrom __future__ import annotations\n```\n```python\nx: y = 3\n```\n",
    "commands": "```console\n$ echo a b\na b\n$ true\n$ false\n$ echo $?\n1\n```\n",
    "a status in a note": "<!-- exit: 1 -->\n```console\n$ false\n$ true\n```\n",
    "several lines, elided": "```console\n$ printf '1\\n2\\n3\\n'\n1\n...\n3\n```\n",
    "a block in a list": "- x:\n\n  ```python\n  print(3)\n  ```\n  ```text\n  3\n  ```\n",
    "the project": "```python\nimport project\nproject.__file__  # -> '...'\n```\n",
}  # fmt: skip

FAILS = {
    "other output": "```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n",
    "output that is not shown": "```python\nprint(1 + 1)\n```\n",
    "output that does not come": "```python\nx = 2\n```\n```text\n2\n```\n",
    "other value": "```python\n1 + 1  # -> 3\n```\n",
    "an exception that is not shown": "```python\n1 / 0\n```\n",
    "other output of a command": "```console\n$ echo a\nb\n```\n",
    "a command that fails": "```console\n$ false\n```\n",
    "no command": "```console\necho a\n```\n",
    "unknown language": "```pyhton\nx\n```\n",
    "no language": "```\nx\n```\n",
    "more lines": "```console\n$ printf '1\\n2\\n'\n1\n```\n",
}


@pytest.mark.parametrize("text", HOLDS.values(), ids=HOLDS)
def test_a_page_that_shows_the_truth_holds(text, run_text):
    run_text(text)


@pytest.mark.parametrize("text", FAILS.values(), ids=FAILS)
def test_a_page_that_is_wrong_is_found_out(text, run_text):
    with pytest.raises(PageError, match=r"^page\.md:2: "):
        run_text(text)


@pytest.mark.parametrize(
    ("expected", "got", "verdict"),
    [
        ("a...c", "abc", True),
        ("a...c", "a\nc", False),
        ("a\n...\nd", "a\nd", True),
        ("a\n...\nd", "a\nb\nc\nd", True),
        ("a\n...\nd", "a\nb\nc", False),
        ("a.c", "abc", False),
    ],
)
def test_dots_represent_anything(expected, got, verdict):
    assert agrees(expected, got) is verdict
