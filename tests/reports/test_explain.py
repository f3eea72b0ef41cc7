"""Explanations: each line and column is where the source has it."""

from __future__ import annotations

import ast
import pickle
from decimal import Decimal
from enum import Enum
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from pconfigs import pconfig, pdefaults, pexplain, pinputs, pproperty, pwalk
from pconfigs.reports.summaries import words
from tests.models.systems import Block, Experiment, Model

CONFIG = Experiment(
    Experiment(depth=3, tags=("q",)),
    tags=("x", "y"), token="secret words",
    model=Model(blocks=[Block(width=8), Block(width=9, lr=1e-3)]),
)  # fmt: skip
PATHS = [str(path) for path, _, _ in pwalk(CONFIG)]


@given(st.sampled_from(PATHS))
def test_every_exact_place_is_a_keyword_of_that_name(path):
    """The named line and column are those of a keyword of that name, by parsing the file."""
    for origin in pexplain(CONFIG, path).origins:
        assert origin.exact
        tree = ast.parse(Path(origin.place.file).read_text(encoding="utf-8"))
        at = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.keyword)
            and (node.lineno, node.col_offset) == (origin.place.line, origin.place.column)
        ]
        assert [node.arg for node in at] == [origin.name]


@given(st.sampled_from(PATHS))
def test_listings_keep_to_a_hundred_columns(path):
    assert all(len(line) <= 100 for line in str(pexplain(CONFIG, path)).splitlines())


def test_values_are_reported_as_code_where_they_have_some():
    class Kind(Enum):
        FAST = 1

    values = (Kind.FAST, Path("/x"), {2, 1}, float("nan"), [Kind.FAST], Decimal("1.5"))
    assert [words(value) for value in values] == [
        "Kind.FAST",
        'Path("/x")',
        "{1, 2}",
        'float("nan")',
        "[Kind.FAST]",
        'Decimal("1.5")',
    ]
    assert words(object()).startswith("<object object")


def test_the_chain_ends_in_the_default():
    values = [(origin.value, origin.is_default) for origin in pexplain(CONFIG, "tags").origins]
    assert values == [(("x", "y"), False), (("q",), False), (("a", "b"), True)]


def test_deep_follows_what_properties_read():
    found = pexplain(CONFIG, "model.parameters", deep=True)
    assert [str(read.path) for read in found.reads] == [
        "model.blocks[0].area", "model.blocks[1].area", "model.depth",
    ]  # fmt: skip
    assert "depth" in str(pexplain(CONFIG, "cost", deep=True))


def test_a_part_handed_through_a_property_names_both_places():
    found = pexplain(CONFIG, "model.blocks[0].width")
    assert [str(path) for path, _ in found.handed] == ["model"]
    assert found.origins[0].place.file == __file__


def test_a_config_shows_where_it_was_built():
    assert pexplain(CONFIG).built.file == __file__
    assert pexplain(CONFIG, "model").built.file.endswith("systems.py")


def test_secrets_are_not_shown():
    found = pexplain(CONFIG, "token")
    assert "words" not in str(found)
    assert "words" not in str(found.to_json())
    assert "hush" not in str(found)


def test_a_pickled_config_shows_the_line_of_its_call_alone():
    again = pickle.loads(pickle.dumps(Block(width=77)))
    (origin,) = pexplain(again, "width").origins
    assert origin.place.file == __file__
    assert not origin.exact
    assert "not by keyword" in str(pexplain(again, "width"))


def test_what_came_through_a_mapping_names_the_mapping():
    given_fields = {"width": 5}
    block = Block(**given_fields)
    (origin, _) = pexplain(block, "width").origins
    assert origin.text == "**given_fields"


@pytest.mark.parametrize(
    "make", [lambda: Block(width=2), lambda: (Block(width=1), Block(width=3))[1]]
)
def test_lambdas_are_reported_exactly(make):
    assert pexplain(make(), "width").origins[0].exact


def test_one_value_of_many_is_explained_without_the_others():
    @pconfig
    class Many:
        blocks: list[Block]

    many = Many(blocks=[Block(width=n) for n in range(3000)])
    found = pexplain(many, "blocks[2999].width")
    assert (found.value, found.origins[0].exact) == (2999, True)


def test_equal_items_share_a_row_in_reads_and_feeds():
    @pconfig
    class Net:
        blocks: list[Block]
        scale: int

        @pproperty
        def total(self) -> int:
            return sum(block.width for block in self.blocks)

        @pproperty(fixup=True)
        def blocks(self) -> list[Block]:
            return [Block(block, width=self.scale) for block in pinputs(self).blocks]

    net = Net(blocks=[Block(width=1)] * 50, scale=3)
    found = pexplain(net, "total")
    assert len(found.reads) == 50
    assert "blocks[*].width = 3, 3, 3, ...  (50 values)" in str(found)
    scale = pexplain(net, "scale")
    assert len(scale.feeds) == 102
    assert "blocks[*].width  (set by" in str(scale)
    assert "50 of them)" in str(scale)
    assert len(str(scale).splitlines()) == 6


def test_many_feeds_are_cut_with_their_count():
    namespace = {
        f"p{n:02}": pproperty(_named(f"p{n:02}", lambda self: self.width)) for n in range(30)
    }
    many = pconfig(type("Many", (), {"__annotations__": {"width": int}, **namespace}))
    lines = str(pexplain(many(width=1), "width")).splitlines()
    assert lines[-1].strip() == "and 19 more"
    assert len(pexplain(many(width=1), "width").to_json()["feeds"]) == 30


def _named(name, function):
    function.__name__ = function.__qualname__ = name
    function.__annotations__ = {"return": int}
    return function


def test_what_a_default_inherited_is_a_default_too():
    @pconfig
    class Base:
        x: int

    @pconfig
    class Derived(Base):
        y: int

    pdefaults.__iadd__(Base(x=1))
    pdefaults.__iadd__(Derived(Base(x=5), y=2))
    origins = pexplain(Derived(y=3), "x").origins
    assert [(origin.value, origin.is_default) for origin in origins] == [(5, True), (1, True)]
