"""Walk: every value once at each path, parents first."""

import pytest
from hypothesis import given, strategies as st

from pconfigs import pconfig, pexplain, pget, pselect, pset, pwalk
from pconfigs.errors.paths import PathError
from tests.models.systems import Block, Experiment, Model


def test_parents_come_before_what_is_in_them():
    seen = set()
    for path, _, _ in pwalk(Experiment()):
        assert path.parent is None or path.parent in seen
        seen.add(path)


def test_each_path_leads_to_its_value():
    config = Experiment()
    for path, _, value in pwalk(config):
        assert pget(config, str(path)) is value


def test_fields_have_the_place_of_items():
    fields = {str(path): field for path, field, _ in pwalk(Model())}
    assert fields[""] is None
    assert fields["blocks[1]"].name == "blocks"
    assert fields["heads['cls'].width"].owner is Block


def test_patterns_select():
    config = Experiment()
    assert pselect(config, "model.blocks[*].width") == {
        "model.blocks[0].width": 1,
        "model.blocks[1].width": 2,
    }
    assert list(pselect(config, "**.depth")) == ["model.depth", "depth"]
    assert list(pselect(config, "model.heads[cls].*")) == [
        "model.heads['cls'].width",
        "model.heads['cls'].lr",
        "model.heads['cls'].area",
    ]
    assert list(pselect(config, "to*")) == ["token"]
    assert len(pselect(config, "**")) == len(list(pwalk(config)))
    assert pselect(config, "") == {"": config}


def test_types_select_and_bool_is_not_an_int():
    @pconfig
    class Flags:
        on: bool
        count: int

    flags = Flags(on=True, count=3)
    assert pselect(flags, int) == {"count": 3}
    assert pselect(flags, bool) == {"on": True}
    assert len(pselect(Experiment(), Block)) == 4


@given(st.integers(-2, 1))
def test_items_count_from_both_ends(index):
    config = Model()
    assert pget(config, f"blocks[{index}]") is config.blocks[index]


@pytest.mark.parametrize(
    ("path", "suggestion"),
    [
        ("model.blcks[0]", "model.blocks"),
        ("model.heads['clss']", "model.heads['cls']"),
        ("parameters", "model.parameters"),
        ("model.blocks[7]", None),
        ("depth.x", None),
        ("depth[0]", None),
        ("model.heads[0]", None),
    ],
)
def test_what_is_not_there_is_reported_with_the_nearest(path, suggestion):
    with pytest.raises(PathError) as caught:
        pget(Experiment(), path)
    assert caught.value.path == path
    assert caught.value.suggestions == ((suggestion,) if suggestion else ())


def test_configs_as_deep_as_allowed_are_walked():
    @pconfig
    class Deep:
        inner: object

    config = None
    for _ in range(98):
        config = Deep(inner=config)
    assert sum(1 for _ in pwalk(config)) == 99
    assert len(pselect(config, Deep)) == 98


def test_dots_reach_items_too():
    config = Experiment()
    assert pget(config, "model.blocks.1.width") == pget(config, "model.blocks[1].width")
    assert pget(config, "model.heads.cls.width") == 3
    assert str(pexplain(config, "model.heads.cls.width").path) == "model.heads['cls'].width"
    changed = pset(config, {"model.heads.cls.width": 9, "model.blocks.0.width": 8})
    assert (changed.model.heads["cls"].width, changed.model.blocks[0].width) == (9, 8)
    with pytest.raises(PathError, match="no item 7"):
        pget(config, "model.blocks.7")


@pytest.mark.parametrize("pattern", ["model.blocks[*].width", "**.width", "model.*"])
def test_a_pattern_in_place_of_a_path_is_refused_as_one(pattern):
    for read in (pget, pexplain):
        with pytest.raises(PathError, match=r"not a pattern\n    take one of those that pselect"):
            read(Experiment(), pattern)


def test_a_class_in_place_of_a_config_is_named():
    with pytest.raises(PathError, match="a config is needed, not the class Experiment"):
        pget(Experiment, "depth")
