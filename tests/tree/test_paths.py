"""Paths: as text and as steps."""

import enum
import string

import pytest
from hypothesis import given, strategies as st

from pconfigs import pconfig, pflat, pget, pselect
from pconfigs.errors.paths import PathError
from pconfigs.tree.paths import ROOT, Item, Path, key_text, parse_path, parse_pattern

NAMES = st.text(string.ascii_letters + "_", min_size=1, max_size=8)
KEYS = st.integers() | st.text() | st.booleans() | st.tuples(st.integers(), st.text())
STEPS = st.lists(NAMES | KEYS.map(Item), max_size=6)


class Colour(enum.Enum):
    RED = 1


def made(steps):
    path = ROOT
    for step in steps:
        path = Path(path, step)
    return path


@given(STEPS)
def test_paths_parse_and_print_as_each_other(steps):
    path = made(steps)
    again = parse_path(str(path))
    assert again == path
    assert again.steps == path.steps
    assert str(again) == str(path)


@pytest.mark.parametrize(
    "text",
    ["a..b", ".a", "a.", "a[", "a[1", "a[]", "a[1]b", "a b", "a[1].", "3a", "a.[1]x"],
)
def test_what_is_not_a_path_is_refused(text):
    with pytest.raises(PathError) as caught:
        parse_path(text)
    assert caught.value.path == text


def test_an_index_with_too_many_digits_is_refused():
    with pytest.raises(PathError, match="an index has too many digits"):
        parse_path("1" * 5000)


def test_a_path_is_as_good_as_its_text():
    path = ROOT.field("model").field("blocks").item(2)
    assert path == "model.blocks[2]"
    assert hash(path) == hash("model.blocks[2]")
    assert {path: 1}["model.blocks[2]"] == 1
    assert len(path) == 3
    assert not ROOT
    assert repr(path) == "Path('model.blocks[2]')"


def test_keys_are_written_as_code():
    assert key_text("it's") == '"it\'s"'
    assert key_text(Colour.RED) == "Colour.RED"


@pytest.mark.parametrize(
    "key", [10**5000, (10**5000,), (1, (-(10**5000), "a")), frozenset({10**5000})], ids=range(4)
)
def test_a_key_with_more_digits_than_python_writes_has_a_text(key):
    @pconfig
    class Box:
        items: dict

    config = Box(items={key: [1], "a": 2})
    assert (pget(config, "items.a"), len(pselect(config, "items[*][*]"))) == (2, 1)
    path = ROOT.field("items").item(key)
    assert str(path).startswith("items[")
    assert path != ROOT.field("items").item((10**5000 + 1,))
    with pytest.raises(PathError):
        pget(config, "items[3]")
    assert config._repr_html_()
    assert pflat(config)["items.a"] == 2


def test_a_deep_path_prints():
    path = ROOT
    for _ in range(150):
        path = path.field("inner")
    assert str(path).count("inner") == 150
    assert len(parse_path(str(path))) == 150


@pytest.mark.parametrize("parse", [parse_path, parse_pattern])
def test_an_index_with_more_digits_than_python_reads_is_refused(parse):
    with pytest.raises(PathError, match="an index has too many digits"):
        parse(f"a.{'9' * 4301}")
    assert parse(f"a[{'9' * 4301}]"), "a key without quotes"
