"""Graphs: boxes, rows, and arrows from what is read to what reads it."""

from __future__ import annotations

import shutil

import pytest

from pconfigs import Secret, pconfig, pproperty, pset
from pconfigs.reports.dot import to_dot
from pconfigs.reports.graph import graph_of
from pconfigs.reports.mermaid import to_mermaid
from tests.models.systems import Block, Experiment, Model


def test_every_config_is_a_box_once():
    block = Block(width=1)
    graph = graph_of(Model(blocks=[block, block], heads={"a": block}))
    assert [str(box.path) for box in graph.boxes] == ["", "blocks[0]"]


def test_arrows_lead_from_what_is_read_also_across_parts():
    arrows = {(str(a), str(b)) for a, b in graph_of(Experiment()).arrows}
    assert ("model.blocks[0].width", "model.blocks[0].area") in arrows
    assert ("model.blocks[0].area", "model.parameters") in arrows
    assert ("model.parameters", "cost") in arrows
    assert ("model", "cost") not in arrows
    assert ("depth", "model") in arrows


def test_a_list_of_configs_is_drawn():
    graph = graph_of([Block(width=1), {"a": Block(width=2)}])
    assert [box.title for box in graph.boxes] == ["[0]: Block", "[1]['a']: Block"]
    assert [(str(a), str(b)) for a, b in graph.arrows] == [
        ("[0].width", "[0].area"),
        ("[1]['a'].width", "[1]['a'].area"),
    ]
    assert "[0]: Block" in to_dot(graph)


def test_what_is_in_a_secret_is_not_drawn():
    @pconfig
    class Keeper:
        part: Secret[Block]

        @pproperty
        def area(self) -> int:
            return self.part.area

    graph = graph_of(Keeper(part=Block(width=77)))
    assert [str(box.path) for box in graph.boxes] == [""]
    assert [(str(a), str(b)) for a, b in graph.arrows] == [("part", "area")]


def test_pins_are_marked():
    rows = {str(row.path): row.kind for box in graph_of(Model()).boxes for row in box.rows}
    assert (rows["seed"], rows["parameters"], rows["depth"]) == ("pin", "property", "input")
    assert "(pinned)" in to_mermaid(graph_of(Model()))


def test_with_two_configs_the_differences_are_marked():
    before = Experiment()
    graph = graph_of(pset(before, {"depth": 50, "tags[0]": "z"}), before)
    status = {str(row.path): (row.status, row.before) for box in graph.boxes for row in box.rows}
    assert status["depth"] == ("changed", "6")
    assert status["tags"] == ("changed", '("a", "b")')
    assert status["model.blocks[0].width"] == ("", "")


def test_texts_do_not_break_the_languages():
    @pconfig
    class Text:
        text: str

    nasty = Text(text='"]; x[<b>&#%%{}|\n`')
    assert to_mermaid(graph_of(nasty)).count('"]') == 2
    assert "<b>&" not in to_dot(graph_of(nasty))


@pytest.mark.parametrize("title", ["a\0b", "a\x1bb", "a\ud800b", 'a"]; x[<b>&\nb'], ids=ascii)
def test_titles_do_not_break_the_languages(title):
    whole = to_dot(graph_of(Experiment()), "ab")
    dot, mermaid = (draw(graph_of(Experiment()), title) for draw in (to_dot, to_mermaid))
    assert not set(dot + mermaid) & {"\0", "\x1b"}
    assert dot.count("<b>") == whole.count("<b>")
    assert mermaid.splitlines()[2] == "---"


@pytest.mark.skipif(shutil.which("dot") is None, reason="graphviz is not installed")
def test_graphviz_draws_it():
    pytest.importorskip("graphviz")
    from pconfigs.reports.graphviz import draw

    dot = to_dot(graph_of(Experiment()))
    assert draw(dot, "svg").lstrip().startswith(b"<?xml")
    assert draw(dot, "png").startswith(b"\x89PNG")
    assert draw(dot, "pdf").startswith(b"%PDF")


def test_what_was_removed_is_a_row_of_what_held_it():
    before = Model()
    after = Model(blocks=[Block(width=1)])
    graph = graph_of(after, before)
    gone = [(row.name, row.text) for row in graph.boxes[0].rows if row.status == "removed"]
    assert ("blocks[1]", "Block(...)") in gone


def test_pictures_name_what_they_show():
    graph = graph_of(Model())
    assert to_mermaid(graph, 'a "b"').startswith('---\ntitle: "a \\"b\\""\n---\nflowchart LR\n')
    assert "a &lt;b&gt;" in to_dot(graph, "a <b>")


def test_arrows_leave_and_reach_rows_at_their_sides():
    """None of them crosses the text of a row, and none within a column moves its boxes."""
    arrows = [line for line in to_dot(graph_of(Experiment())).splitlines() if " -> " in line]
    assert all(":e -> " in line or ":w -> " in line for line in arrows)
    within = [line for line in arrows if "color=gray" not in line and ":w;" not in line]
    assert within
    assert all("constraint=false" in line for line in within)
    assert "\0" not in to_dot(graph_of(Block(width=1)), "a\0b")
