"""HTML: complete, escaped, self-contained."""

from __future__ import annotations

import html.parser

import pytest

from pconfigs import pconfig, pproperty, pset
from pconfigs.reports.html import to_html, to_page
from tests.models.systems import Block, Experiment, Model


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
    assert "systems.py" in reader.titles["model.blocks[1].width"]
    assert "property" in reader.titles["cost"]


def test_nothing_comes_from_elsewhere():
    page = to_page(Experiment(), "a <title>")
    assert all(source.startswith("#") for source in Reader(page).sources)
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


def test_integers_of_any_length_are_shown():
    """More digits than Python writes in decimal are hexadecimal, in keys as well."""

    @pconfig
    class Held:
        value: object

    for value in ({10**5000: 1}, [10**5000], {(10**5000,)}):
        assert f"{10**5000:X}"[:40] in to_html(Held(value=value))


def test_secrets_are_not_shown():
    assert "hush" not in to_html(Experiment())


def test_changes_are_marked_with_what_was_there_before():
    before = Experiment()
    after = pset(before, {"model.blocks[0].width": 9})
    page = to_page(after, "both", before)
    assert '<li class="changed" data-path="model.blocks[0].width"' in page
    assert '<del class="was">1</del>' in page


def test_configs_as_deep_as_allowed_are_shown():
    @pconfig
    class Deep:
        inner: object

    config = None
    for _ in range(98):
        config = Deep(inner=config)
    assert to_html(config).count("<details") == 98


def test_what_was_removed_is_reported_where_it_was():
    before = Experiment(model=Model(blocks=[Block(width=1), Block(width=2)]))
    after = Experiment(before, model=Model(blocks=[Block(width=1)]))
    page = to_page(after, "both", before)
    assert '<li class="removed" data-path="model.blocks[1]">' in page
    assert Reader(page).open == []


def test_what_a_value_was_computed_from_is_linked():
    page = to_page(Experiment(), "links")
    reader = Reader(page)
    assert reader.sources
    assert all(f'id="{source[1:]}"' in page for source in reader.sources)


def test_notebooks_are_shown_the_tree():
    """A notebook asks the object for `_repr_html_`, and a class for nothing."""
    config = Experiment()
    assert config._repr_html_() == to_html(config)
    assert "hush" not in config._repr_html_()


def test_rich_prints_names_and_values():
    rich = pytest.importorskip("rich.pretty")
    shown = rich.pretty_repr(Experiment(), max_width=60)
    assert "blocks=[" in shown
    assert "Block(width=1, lr=0.1, area=1)" in " ".join(shown.split()).replace("( ", "(")
    assert "hush" not in shown


def test_a_class_with_its_own_form_for_notebooks_keeps_it():
    @pconfig
    class Own:
        x: int

        def _repr_html_(self):
            return "mine"

    assert Own(x=1)._repr_html_() == "mine"


@pconfig
class Big:
    numbers: list[float]
    blocks: list[Block]

    @pproperty
    def total(self) -> int:
        return sum(block.width for block in self.blocks)


@pytest.mark.parametrize("of_configs", [True, False])
def test_long_lists_are_folded(of_configs):
    """What is written does not grow with the items of a list."""

    def page(count):
        blocks = [Block(width=n) for n in range(count)] if of_configs else []
        big = Big(numbers=[0.5] * (0 if of_configs else count), blocks=blocks)
        return to_html(big)

    texts = {count: page(count) for count in (2_000, 20_000)}
    assert Reader(texts[20_000]).open == []
    assert len(texts[20_000]) < 1.2 * len(texts[2_000]) < 300_000
    assert f"list of {20_000}" in texts[20_000]
    if of_configs:
        assert "and 19,950 more" in texts[20_000]


def test_items_that_changed_are_shown_wherever_they_are():
    before = Big(numbers=[0.5] * 1000, blocks=[Block(width=n) for n in range(500)])
    after = pset(before, {"blocks[400].width": 1, "numbers[900]": 0.25})
    page = to_page(after, "both", before)
    paths = Reader(page).paths
    assert "blocks[400].width" in paths
    assert "numbers[900]" in paths
    assert "blocks[300].width" not in paths


def test_what_was_read_in_parts_is_named_and_linked():
    big = Big(numbers=[], blocks=[Block(width=n) for n in range(3)])
    assert '\u2190 <a href="#' in to_page(big, "big")
    assert ">blocks[*].width</a>" in to_page(big, "big")
