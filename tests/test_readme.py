"""The README is short, and the tour of the source is complete and true."""

import re

import pytest

from tools.tour import MARK, ROOT, on_page_markdown, purpose, source_files, tour

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_tour_has_every_file():
    page = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([^`]+)` \|", on_page_markdown(page), re.MULTILINE)
    there = [file.as_posix() for file in source_files(ROOT / "pconfigs")]
    assert sorted(listed) == sorted(there)
    assert MARK in page


def test_readme_is_short():
    assert README.count("\n") <= 160


def test_idea_fits_in_thirty_lines():
    """The part above the set-up commands can be read at a glance."""
    idea = README.partition("## Set-up")[0]
    longest = max(block.count("\n") for block in re.findall(r"```\w+\n(.*?)```", idea, re.DOTALL))
    assert longest <= 30


def test_links_of_the_readme_exist():
    links = re.findall(r"\]\(([\w./-]+)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.fixture
def package(tmp_path):
    """A package of three files, one of which only marks it as a package."""
    (tmp_path / "__init__.py").write_text('"""A package."""\n')
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "walk.py").write_text('"""Walk: what is inside.\n\nMore."""\n')
    (tmp_path / "errors.py").write_text('"""Everything that is refused."""\n')
    return tmp_path


def test_purpose_is_the_first_paragraph(package):
    files = source_files(package)
    assert [file.as_posix() for file in files] == ["errors.py", "tree/walk.py"]
    assert [purpose(package, file) for file in files] == [
        "Everything that is refused.",
        "Walk: what is inside.",
    ]


def test_file_without_docstring_is_refused(package):
    (package / "silent.py").write_text("x = 1\n")
    with pytest.raises(ValueError, match=r"silent\.py"):
        tour(package)


def test_init_with_code_is_listed(package):
    (package / "__init__.py").write_text('"""Entry points."""\nx = 1\n')
    assert "| `__init__.py` | Entry points. |" in tour(package)
