"""Edits under ties: the inputs that they make are lazy, and complete wherever they are read."""

from __future__ import annotations

import copy
import pickle

import pytest

from pconfigs import pconfig, pdiff, pinputs, pproperty, pset, psetter
from pconfigs.schema.class_schema import schema_of

evaluations: list[str] = []


@pconfig
class Level:
    width: int
    leaf: int
    child: Level | None

    @pproperty
    def child(self) -> Level | None:
        evaluations.append("child")
        given = pinputs(self).child
        return None if given is None else type(given)(given, width=self.width)

    @pproperty
    def area(self) -> int:
        evaluations.append("area")
        return self.width**2


@pconfig
class Keeping:
    inner: Level
    several: list[Level]

    @pproperty
    def inner(self) -> Level:
        return pinputs(self).inner

    @pproperty
    def several(self) -> list[Level]:
        return [pinputs(self).inner, *pinputs(self).several]


def nest(depth: int) -> Level:
    config = None
    for level in reversed(range(depth)):
        config = Level(width=10 + level, leaf=0, child=config)
    assert config is not None
    return config


def by_path(config: Level, depth: int) -> Level:
    return pset(config, {"child." * (depth - 1) + "leaf": 5})


def by_attribute(config: Level, depth: int) -> Level:
    with psetter(config) as part:
        view = part
        for _ in range(depth - 1):
            view = view.child
        view.leaf = 5
    return part.config


def is_plain(config: object) -> bool:
    return type(config) is schema_of(config).cls


@pytest.mark.parametrize("change", [by_path, by_attribute])
def test_a_deep_change_computes_every_property_once_per_level(change):
    for depth in (2, 8, 32):
        config = nest(depth)
        evaluations.clear()
        changed = change(config, depth)
        # Widths that are tied already are not computed again.
        assert len(evaluations) <= 2 * depth
        for _ in range(depth - 1):
            assert (changed.width, changed.area) == (10, 100)
            assert is_plain(changed)
            changed = changed.child
        assert (changed.leaf, changed.width) == (5, 10)


def test_a_change_of_a_changed_config_is_as_cheap():
    config = by_path(nest(16), 16)
    evaluations.clear()
    by_path(config, 16)
    assert len(evaluations) <= 32


def test_what_was_given_is_a_config_of_its_class():
    config = pset(nest(3), {"child.child.leaf": 5})
    given = pinputs(config).child
    assert type(given) is Level
    assert given == Level(width=11, leaf=0, child=Level(width=12, leaf=5, child=None))
    assert given.child.width == 11


def test_a_property_may_return_its_input_and_put_it_into_other_values():
    config = Keeping(inner=nest(2), several=[nest(2)])
    changed = pset(config, {"inner.child.leaf": 5})
    assert is_plain(changed.inner)
    assert all(is_plain(one) for one in changed.several)
    assert changed.inner.child.leaf == 5
    assert changed.several[0] == changed.inner
    assert repr(changed) == repr(Keeping(inner=pset(nest(2), {"child.leaf": 5}), several=[nest(2)]))


def test_a_property_may_read_what_its_input_computes():
    @pconfig
    class Reading:
        inner: Level

        @pproperty
        def inner(self) -> Level:
            given = pinputs(self).inner
            return Level(given, leaf=given.area, child=given.child)

    changed = pset(Reading(inner=nest(2)), {"inner.child.leaf": 5})
    assert (changed.inner.leaf, changed.inner.child.leaf) == (100, 5)


def test_copies_pickles_hashes_and_differences_see_whole_configs():
    config = by_path(nest(3), 3)
    assert pickle.loads(pickle.dumps(config)) == copy.deepcopy(config) == config
    assert hash(config) == hash(by_path(nest(3), 3))
    assert not pdiff(config, by_path(nest(3), 3))
    given = pinputs(pickle.loads(pickle.dumps(by_path(nest(3), 3)))).child
    assert is_plain(given)
    assert given.child.leaf == 5


def test_comparing_and_printing_an_input_completes_it():
    seen = []

    @pconfig
    class Telling:
        inner: Level

        @pproperty
        def inner(self) -> Level:
            given = pinputs(self).inner
            seen.append((str(given), hash(given), given == nest(1), isinstance(given, Level)))
            return given

    pset(Telling(inner=nest(1)), {"inner.leaf": 0})
    assert seen[1] == seen[0]


def test_an_unknown_attribute_of_an_input_is_an_attribute_error():
    @pconfig
    class Asking:
        inner: Level

        @pproperty
        def inner(self) -> Level:
            given = pinputs(self).inner
            assert not hasattr(given, "nothing")
            return given

    assert pset(Asking(inner=nest(1)), {"inner.leaf": 3}).inner.leaf == 3


def test_a_class_that_reads_attributes_itself_is_built_at_once():
    @pconfig
    class Own:
        n: int

        @pproperty
        def m(self) -> int:
            return self.n

        def __getattr__(self, name):
            if name.startswith("x"):
                return 7
            raise AttributeError(name)

    @pconfig
    class Around:
        inner: Own

        @pproperty
        def inner(self) -> Own:
            return pinputs(self).inner

    changed = pset(Around(inner=Own(n=1)), {"inner.n": 2})
    assert (changed.inner.m, changed.inner.x1) == (2, 7)


def test_a_failure_of_an_input_is_raised_where_its_properties_are_read():
    """What a property gives a config is not refused for what the property is about to change."""

    @pconfig
    class Failing:
        n: int

        @pproperty
        def half(self) -> int:
            if self.n % 2:
                raise ValueError("odd")
            return self.n // 2

    @pconfig
    class Around:
        inner: Failing
        n: int

        @pproperty
        def inner(self) -> Failing:
            given = pinputs(self).inner
            return type(given)(given, n=self.n)

    changed = pset(Around(inner=Failing(n=2), n=4), {"inner.n": 3})
    assert changed.inner.half == 2
    for _ in range(2):
        with pytest.raises(ValueError, match="odd"):
            _ = pinputs(changed).inner.half


def test_values_of_edits_may_be_nested_in_themselves():
    """Once an edit has made lazy configs, every value is looked into for them."""
    from pconfigs.build.construction import completed

    around: list[object] = []
    around.append([around])
    assert completed(around) is around
    deep: list[object] = []
    for _ in range(5000):
        deep = [deep]
    assert completed(deep) is deep
