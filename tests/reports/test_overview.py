"""The overview of an experiment: every value once, grouped by where it comes from."""

from __future__ import annotations

from hypothesis import given, settings, strategies as st

from pconfigs import Pin, Pinned, Secret, pconfig, pexplain, pinputs, pproperty
from pconfigs.reports.overview import overview_lines
from tests.examples import examples
from tests.models.systems import Block, Experiment, Model


def section(config, title):
    """The lines of a section, by the start of its title."""
    pages = "\n".join(overview_lines(config)).split("\n\n")
    return [line for page in pages if page.startswith(title) for line in page.split("\n")[1:]]


def test_values_are_grouped_by_what_set_them():
    config = Experiment(Experiment(depth=3, tags=("q",)), depth=4, token="secret words")
    depth, token, tags = section(config, "set in ")
    assert depth.split()[:3] == ["depth", "=", "4"]
    assert "was 3 (" in depth
    assert 'default ("a", "b")' in tags
    assert "token = Secret(...)" in token
    computed = section(config, "computed by ")
    assert any(line.startswith("  model.depth = 4 ") for line in computed)
    assert any(line.endswith("from blocks[*].area, depth") for line in computed)
    assert "heads['cls']" in "\n".join(section(config, "defaults in "))
    assert "words" not in "\n".join(overview_lines(config))


def test_an_explained_config_is_its_page():
    config = Experiment(depth=4)
    assert str(pexplain(config)).split("\n") == overview_lines(config)
    assert str(pexplain(config, "model")) != "\n".join(overview_lines(config.model))


def test_equal_items_share_a_row():
    @pconfig
    class Layer:
        width: int
        inputs: Pinned[int]

    @pconfig
    class Net:
        layers: list[Layer]

        @pproperty(fixup=True)
        def layers(self) -> list[Layer]:
            return [Layer(layer, inputs=Pin(8)) for layer in pinputs(self).layers]

    config = Net(layers=[Layer(width=4, inputs=Pinned) for _ in range(1000)])
    lines = overview_lines(config)
    assert len(lines) < 15
    assert any("layers[*].width = 4" in line and "(1000 of them)" in line for line in lines)
    assert any("layers[*].inputs = 8" in line and "(1000 of them)" in line for line in lines)


def test_a_part_that_is_shared_comes_once():
    block = Block(width=7)
    lines = overview_lines(Model(blocks=[block, block], heads={}))
    [line] = [line for line in lines if "width = 7" in line]
    assert "blocks[0].width = 7" in line
    assert "of them" not in line


def test_nothing_of_a_secret_is_shown():
    @pconfig
    class Keeper:
        part: Secret[Block]

    lines = "\n".join(overview_lines(Keeper(part=Block(width=77))))
    assert "77" not in lines
    assert "part = Secret(...)" in lines


@settings(deadline=None, max_examples=examples(20))
@given(st.text(max_size=80), st.integers(0, 4), st.dictionaries(st.text(max_size=60), st.just(1)))
def test_lines_keep_to_a_hundred_columns(text, count, keys):
    @pconfig
    class Long:
        a_name_that_is_long_enough_to_fill_half_of_a_line_of_a_terminal: str
        by_key: dict[str, Block]

    config = Long(
        a_name_that_is_long_enough_to_fill_half_of_a_line_of_a_terminal=text,
        by_key={key: Block(width=count) for key in keys},
    )
    lines = overview_lines(Experiment(model=Model(blocks=[Block(width=count)] * count)))
    for line in [*lines, *overview_lines(config)]:
        assert len(line) <= 100 or " " not in line.strip()
