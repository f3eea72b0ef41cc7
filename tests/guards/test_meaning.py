"""An experiment means what it was written as: cases of real projects, each with the right value."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import pytest

from pconfigs import (
    Omitted,
    PConfig,
    Pin,
    Pinned,
    pconfig,
    pdefaults,
    pdiff,
    pdump,
    pexplain,
    pfingerprint,
    pflat,
    pget,
    pinputs,
    pload,
    poverride,
    pproperty,
    pset,
)
from pconfigs.errors import FrozenContainerError, LoadError
from pconfigs.reports.unused import no_effect_line


@pconfig
class Leaf(PConfig):
    rate: float
    seed: Pinned[int]


@pconfig
class Middle(PConfig):
    leaf: Leaf
    seed: Pinned[int]

    @pproperty(fixup=True)
    def leaf(self) -> Leaf:
        return Leaf(pinputs(self).leaf, seed=Pin(self.seed))


@pconfig
class Root(PConfig):
    middle: Middle
    seed: int

    @pproperty(fixup=True)
    def middle(self) -> Middle:
        return Middle(pinputs(self).middle, seed=Pin(self.seed))


pdefaults += Leaf(rate=0.1, seed=Pinned)
pdefaults += Middle(leaf=Leaf(), seed=Pinned)
pdefaults += Root(middle=Middle(), seed=1)


def test_a_change_two_ties_down_is_seen_by_everything():
    one, other = Middle(), Middle(leaf=Leaf(rate=0.4))
    for view in (lambda config: config, hash, pfingerprint, str, repr):
        assert view(one) != view(other)
    assert {one: 1, other: 2}[Middle(leaf=Leaf(rate=0.4))] == 2
    assert str(pdiff(one, other)) == "leaf.rate: 0.1 -> 0.4"
    made = pset(Root(), {"middle.leaf.rate": 0.4})
    assert made == Root(middle=other) == poverride(Root(), ["middle.leaf.rate=0.4"])
    assert (made.middle.leaf.rate, made.middle.leaf.seed) == (0.4, 1)
    assert no_effect_line(made, "exp") is None


@pconfig
class Sampling(PConfig):
    top_k: int | None
    val_top_k: Omitted[int | None]

    @pproperty(fixup=True)
    def val_top_k(self) -> int | None:
        given = pinputs(self).val_top_k
        return self.top_k if given is Omitted else given


pdefaults += Sampling(top_k=5, val_top_k=Omitted)


def test_a_value_follows_unless_it_is_given_also_as_none():
    found = [Sampling(), Sampling(top_k=7), Sampling(val_top_k=None), Sampling(val_top_k=3)]
    assert [one.val_top_k for one in found] == [5, 7, None, 3]
    follows = poverride(found[-1], ["val_top_k=Omitted", "top_k=9"])
    assert follows.val_top_k == 9


@pconfig
class Held(PConfig):
    kwargs: dict[Any, Any]


def test_one_path_has_one_spelling_or_both_work():
    config = Held(kwargs={"lr": 0.1})
    for path in ("kwargs.lr", "kwargs['lr']", "kwargs[lr]"):
        assert poverride(config, [f"{path}=0.2"]).kwargs == {"lr": 0.2}
    for path in ("kwargs.lr", "kwargs['lr']"):
        assert pset(config, {path: 0.2}).kwargs == {"lr": 0.2}
        assert pget(config, path) == pexplain(config, path).value == 0.1


def test_a_flat_config_loses_no_value():
    config = Held(kwargs={"a.b": 1, "a": {"b": 2}, 1: "int", "1": "text"})
    assert sorted(map(str, pflat(config).values())) == ["1", "2", "int", "text"]


def test_names_that_a_class_answers_itself_are_answered_in_properties():
    @pconfig
    class Renamed(PConfig):
        width: int

        def __getattr__(self, name: str) -> Any:
            if name == "hidden_size":
                return self.width
            raise AttributeError(name)

        @pproperty
        def twice(self) -> int:
            return 2 * self.hidden_size

    for _ in range(15):
        assert Renamed(width=3).twice == 6
    assert Renamed(width=3).hidden_size == 3


@pytest.mark.parametrize("builds", [1, 15])
def test_what_a_base_means_does_not_change_with_the_number_of_builds(builds):
    @pconfig
    class Asked(PConfig):
        a: int

        @pproperty
        def a(self) -> int:
            given = pinputs(self).a
            return 100 if given is Pinned else given

    pdefaults.__iadd__(Asked(a=5))
    base = Asked(a=Pinned)
    assert [Asked(base).a for _ in range(builds)] == [100] * builds


@pconfig
class Schedule(PConfig):
    steps: int
    rates: Pinned[list[float]]

    @pproperty
    def rates(self) -> list[float]:
        return [0.1] * self.steps


def test_values_kept_as_saved_are_checked_and_read_only():
    data = pdump(Schedule(steps=2))
    kept = pload({**data, "rates": [9.0]}, Schedule, drift="as-saved")
    assert kept.rates == [9.0]
    with pytest.raises(FrozenContainerError):
        kept.rates.append(1.0)
    with pytest.raises(LoadError, match=r"rates: must be list\[float\]"):
        pload({**data, "rates": "no list"}, Schedule, drift="as-saved")


class Thing:
    pass


THING = Thing()


def test_a_value_without_a_plain_form_in_a_dict_does_not_drift():
    @pconfig
    class Tabled(PConfig):
        n: int

        @pproperty
        def table(self) -> dict[Any, Any]:
            return {1: THING}

    config = Tabled(n=1)
    assert pload(pdump(config), Tabled) == config


@pytest.fixture
def modules(tmp_path, monkeypatch):
    """Two modules with a class of one name."""
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("meant_one", "meant_other"):
        text = "from pconfigs import pconfig\n@pconfig\nclass Model:\n    width: int\n"
        (tmp_path / f"{name}.py").write_text(text)
        monkeypatch.delitem(sys.modules, name, raising=False)
    importlib.invalidate_caches()
    return [importlib.import_module(name) for name in ("meant_one", "meant_other")]


def test_classes_of_one_name_are_named_with_their_modules(modules):
    one, other = (module.Model for module in modules)
    Run = pconfig(type("Run", (), {"__annotations__": {"model": one, "either": one | other}}))
    run = Run(model=one(width=1), either=one(width=1))
    said = "it is of the class meant_other.Model, not of meant_one.Model"
    with pytest.raises(TypeError, match=said):
        Run(run, model=other(width=1))
    with pytest.raises(TypeError, match=said):
        one(other(width=1))
    with pytest.raises(LoadError, match=r"it can be meant_one\.Model or meant_other\.Model"):
        pload({"model": {"width": 1}, "either": {"width": 1}}, Run)
    assert str(pdiff(run, Run(run, either=other(width=1)))) == (
        "either: meant_one.Model -> meant_other.Model"
    )
    importlib.reload(modules[0])
    with pytest.raises(ValueError, match="has been defined again since"):
        modules[0].Model(run.model, width=2)
