"""The page on messages shows every golden file of messages, with today's words."""

import re
from pathlib import Path

from tools import messages as tool

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
ELSEWHERE = {"unsavable"}  # in an overview of values, not of mistakes


def test_every_golden_file_of_messages_is_on_the_page():
    shown = tool.MARK.findall(PAGE)
    there = [
        path.relative_to(tool.GOLDEN).as_posix() for path in tool.GOLDEN.glob("*/message*.out")
    ]
    assert sorted(shown) == sorted(name for name in there if name.split("/")[0] not in ELSEWHERE)


def test_marks_become_messages():
    shown = tool.on_page_markdown("a\n<!-- golden: misspelt_field/message.out -->\nb\n")
    golden = (tool.GOLDEN / "misspelt_field" / "message.out").read_text(encoding="utf-8")
    assert shown.startswith('a\n??? example "Messages"\n\n    ```text\n')
    assert re.sub(r"^    ", "", shown, flags=re.MULTILINE).count(golden.strip("\n")) == 1


def test_every_page_is_in_the_navigation():
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert sorted(re.findall(r": ([\w./-]+\.md)$", navigation, re.MULTILINE)) == sorted(pages)


def test_links_lead_to_headings():
    """Links of all pages to headings of other pages lead to headings that exist."""
    pages = {path: path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md")}
    broken = []
    for path, text in pages.items():
        for target, anchor in re.findall(r"\]\(([\w./-]+\.md)?#([\w-]+)\)", text):
            page = pages.get((path.parent / target).resolve() if target else path, "")
            headings = {slug(line) for line in re.findall(r"^#+ (.*)$", page, re.MULTILINE)}
            if anchor not in headings:
                broken.append(f"{path.name}: {target}#{anchor}")
    assert broken == []


def slug(heading):
    """Return the anchor that the site gives to a heading."""
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", heading.lower()).strip())
