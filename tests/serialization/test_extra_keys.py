"""Keys that a class does not have: taken by the field that the class names for them."""

from __future__ import annotations

from typing import Any

import pytest

from pconfigs import PConfig, pconfig, pdefaults, pdump, pload
from pconfigs.errors import DeclarationError, LoadError


@pconfig(extra="more", renamed={"old": "steps"})
class Open(PConfig):
    steps: int
    more: dict[str, Any]


@pconfig
class Closed(PConfig):
    width: int


@pconfig
class Around(PConfig):
    inner: Open
    either: Closed | Open


pdefaults += Open(steps=1, more={})
pdefaults += Around(inner=Open(), either=Closed(width=1))


def test_unknown_keys_are_kept():
    config = pload({"steps": 2, "colour": "red", "deep": {"a": [1]}}, Open)
    assert config.more == {"colour": "red", "deep": {"a": [1]}}
    assert config.steps == 2


def test_names_of_today_and_before_are_fields():
    assert pload({"old": 3}, Open) == Open(steps=3)


def test_what_is_saved_comes_back():
    config = Open(more={"colour": "red"})
    assert pload(pdump(config), Open) == config


def test_given_and_unknown_keys_go_together():
    assert pload({"more": {"a": 1}, "b": 2}, Open).more == {"a": 1, "b": 2}
    with pytest.raises(LoadError, match="b: appears twice: also in more"):
        pload({"more": {"b": 1}, "b": 2}, Open)


def test_overlays_add_to_them():
    base = Open(more={"a": 1, "b": 2})
    assert pload({"b": 3, "c": 4}, Open, base=base).more == {"a": 1, "b": 3, "c": 4}


def test_what_names_calls_is_refused_all_the_same():
    with pytest.raises(LoadError, match="_target_"):
        pload({"_target_": "os.system"}, Open)


def test_a_closed_class_stays_closed():
    with pytest.raises(LoadError, match="colour"):
        pload({"inner": {"colour": 1}, "colour": 2}, Around)
    assert pload({"inner": {"colour": 1}}, Around).inner.more == {"colour": 1}


def test_a_union_takes_the_closed_class_where_it_fits():
    assert pload({"either": {"$type": f"{__name__}.Closed", "width": 3}}, Around).either.width == 3


def test_extra_names_a_field():
    with pytest.raises(DeclarationError, match="extra must name a field, got 'rest'"):

        @pconfig(extra="rest")
        class Wrong(PConfig):
            steps: int
