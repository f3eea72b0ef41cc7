"""Feeds: what a value reaches, in its own config and in those around it."""

from __future__ import annotations

import pytest

from pconfigs.errors.paths import PathError
from pconfigs.tree.dependents import Dependents, feeds
from pconfigs.tree.unused import unused
from tests.models.systems import Block, Experiment, Model


def reached(config, path):
    return {str(feed.path): str(feed.through or "") for feed in feeds(config, path)}


def test_what_reads_the_value_itself_comes_first():
    assert reached(Experiment(), "model.blocks[0].width") == {
        "model.blocks[0].area": "",
        "model.parameters": "model.blocks[0].area",
        "cost": "model.parameters",
    }


def test_a_part_that_a_property_made_is_reached_through_it():
    found = reached(Experiment(), "depth")
    assert found["model"] == ""
    assert found["model.depth"] == "model"
    assert found["model.parameters"] == "model.depth"
    assert "cost" in found


def test_what_no_user_reads_feeds_nothing():
    assert reached(Experiment(), "tags") == {}
    assert reached(Experiment(), "model.heads['cls'].lr") == {}


def test_a_path_that_leads_nowhere_is_refused():
    with pytest.raises(PathError):
        feeds(Experiment(), "model.blcks")


def found_in(config, read=None):
    return [(str(one.path), one.reason) for one in unused(config, read)]


def test_settings_of_defaults_are_nobodys_fault():
    assert found_in(Experiment()) == []


def test_setting_what_is_there_already_is_redundant():
    config = Experiment(Experiment(depth=3), depth=3, tags=("a", "b"))
    assert found_in(config) == [("depth", "redundant"), ("tags", "redundant")]
    assert [one.cause for one in unused(config)] == ["base", "default"]


def test_what_a_property_overwrites_is_reported_with_its_line():
    config = Experiment(model=Model(depth=9, blocks=[Block(width=7)]))
    (one,) = unused(config)
    assert (str(one.path), one.reason, one.cause) == ("model.depth", "overwritten", "model")
    assert one.origin.place.file == __file__
    assert one.place.file.endswith("systems.py")


def test_what_a_run_did_not_read_is_reported():
    config = Experiment(depth=3, tags=("z",))
    assert found_in(config, {"depth"}) == [("tags", "unread")]


def test_a_redundant_secret_is_not_shown():
    (one,) = unused(Experiment(token="hush"))
    assert "hush" not in repr(one.value)


def test_a_part_feeds_what_reads_inside_it():
    assert reached(Experiment(), "model.blocks[0]") == {
        "model.parameters": "",
        "cost": "model.parameters",
    }


def edges(config):
    return {(str(read), str(by)) for read, by in Dependents(config).edges()}


def test_edges_of_a_whole_tree_are_what_each_property_read_and_set():
    assert edges(Experiment(model=Model(heads={}))) == {
        ("depth", "model"),
        ("model", "model.depth"),
        ("model.parameters", "cost"),
        ("model.depth", "model.parameters"),
        ("model.blocks[0].area", "model.parameters"),
        ("model.blocks[1].area", "model.parameters"),
        ("model.blocks[0].width", "model.blocks[0].area"),
        ("model.blocks[1].width", "model.blocks[1].area"),
    }


def test_a_shared_part_is_looked_at_once():
    block = Block(width=1)
    read = [str(read) for read, _ in Dependents(Model(blocks=[block, block], heads={})).edges()]
    assert read.count("blocks[0].width") == 1
    assert read.count("blocks[1].area") == 1  # read there, though it is shown at blocks[0]
    assert "blocks[1].width" not in read
