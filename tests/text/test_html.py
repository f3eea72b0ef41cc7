"""HTML: complete, escaped, self-contained."""

from __future__ import annotations

import html.parser

from pconfigs import pconfig, pset
from pconfigs.text.graph import changed_values
from pconfigs.text.html import to_html, to_page
from tests.tree.models import Experiment


class Reader(html.parser.HTMLParser):
    """Checks that tags are closed in order, and collects what is shown and pointed to."""

    VOID = {"meta", "input", "link", "img", "br"}

    def __init__(self, text):
        super().__init__()
        self.open, self.paths, self.titles, self.sources = [], [], {}, []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag not in self.VOID:
            self.open.append(tag)
        if "data-path" in given:
            self.paths.append(given["data-path"])
            self.titles[given["data-path"]] = given.get("title", "")
        self.sources += [given[name] for name in ("src", "href") if name in given]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_every_field_is_there_with_its_origin():
    reader = Reader(to_html(Experiment()))
    assert reader.open == []
    assert "model.blocks[1].lr" in reader.paths
    assert "models.py" in reader.titles["model.blocks[1].width"]
    assert "property" in reader.titles["cost"]


def test_nothing_comes_from_elsewhere():
    page = to_page(Experiment(), "a <title>")
    assert Reader(page).sources == []
    assert "http" not in page
    assert "@import" not in page
    assert "<title>a &lt;title&gt;</title>" in page


def test_texts_are_escaped():
    @pconfig
    class Text:
        text: object

    page = to_html(Text(text={"<script>": "</code><script>alert('\"')</script>"}))
    assert "<script>" not in page
    assert Reader(page).open == []


def test_secrets_are_not_shown():
    assert "hush" not in to_html(Experiment())


def test_changes_are_marked_with_what_was_there_before():
    before = Experiment()
    after = pset(before, {"model.blocks[0].width": 9})
    page = to_page(after, "both", changed_values(before, after))
    assert '<li class="changed" data-path="model.blocks[0].width"' in page
    assert '<span class="was">1</span>' in page


def test_depth_is_not_limited():
    @pconfig
    class Deep:
        inner: object

    config = None
    for _ in range(3000):
        config = Deep(inner=config)
    assert to_html(config).count("<details") == 3000
