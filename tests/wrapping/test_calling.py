"""Configs of functions that cannot be changed."""

from __future__ import annotations

import pickle
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from pconfigs import (
    Kwarg,
    NotMock,
    Omitted,
    PCallable,
    Pin,
    Pinned,
    Required,
    pcheck,
    pconfig,
    pdefaults,
    pdiff,
    pproperty,
)
from pconfigs.errors import (
    BuildTypeError,
    BuildValueError,
    CallError,
    CheckError,
    DeclarationError,
    DefaultError,
    FrozenError,
    OpenConfigError,
    ParameterError,
)
from pconfigs.schema.class_schema import schema_of
from tests.models import outside_samples as samples
from tests.models.outside_samples import line

np = pytest.importorskip("numpy")


@pconfig(calls=line)
class LineFunc:
    pass


@pconfig(calls=samples.options)
class OptionsFunc:
    clip: Kwarg[bool]
    rounding: Omitted[int]
    label: NotMock[str]
    note: str


@pconfig
class PlotConfig:
    curve: LineFunc
    other: PCallable


def test_parameters_with_a_default_are_fields_and_the_others_are_given_at_the_call():
    config = LineFunc(slope=2.0)
    assert config.asdict() == {"slope": 2.0, "offset": 0.0}
    assert config(3.0) == config(x=3.0) == 6.0


def test_every_simple_type_and_default_becomes_a_field():
    @pconfig(calls=samples.simple)
    class Simple:
        pass

    assert Simple()() == samples.simple()
    assert Simple().wrong is None
    assert Simple(wrong=3)()["wrong"] == 3
    with pytest.raises(BuildTypeError, match="bare must be int"):
        Simple(bare="four")


def test_the_config_is_a_callable_config_that_constructs_itself():
    config = LineFunc()
    assert isinstance(config, PCallable)
    assert issubclass(LineFunc, PCallable)
    assert not isinstance(PlotConfig(curve=config, other=config), PCallable)
    assert config.construct() is config
    assert LineFunc.funcname is config.funcname is line


def test_it_is_a_config_like_any_other():
    base = LineFunc(slope=3.0)
    config = LineFunc(base, offset=1.0)
    assert (config.slope, config.offset) == (3.0, 1.0)
    assert config == LineFunc(slope=3.0, offset=1.0)
    assert hash(config) == hash(LineFunc(slope=3.0, offset=1.0))
    assert pickle.loads(pickle.dumps(config)) == config
    assert "offset" in str(pdiff(base, config))
    with pytest.raises(FrozenError):
        config.slope = 4.0


def test_it_prints_what_it_calls():
    assert str(LineFunc(slope=2.0)) == (
        "LineFunc(\n"
        "    funcname=tests.models.outside_samples.line,  # ClassVar (omit from config)\n"
        "    slope=2.0,\n"
        "    offset=0.0,\n"
        ")"
    )


def test_it_is_the_value_of_a_field():
    config = PlotConfig(curve=LineFunc(offset=1.0), other=LineFunc(slope=3.0))
    assert config.curve(1.0) + config.other(1.0) == 5.0
    with pytest.raises(BuildTypeError, match="PCallable"):
        PlotConfig(config, other=line)


@pytest.mark.parametrize(
    ("args", "given", "words"),
    [
        ((), {}, ["x is missing (float)"]),
        ((1.0, 2.0), {}, ["slope is configured already, as 3.0"]),
        ((1.0,), {"slope": 2.0}, ["slope is configured already, as 3.0"]),
        ((1.0,), {"x": 2.0}, ["x is given by position and by keyword"]),
        ((1.0, 2.0, 3.0, 4.0), {}, ["4 arguments are given by position, but only 3 can be"]),
        ((), {"offst": 1, "slope": 1}, ["x is missing", "slope is", "did you mean 'offset'?"]),
    ],
)
def test_a_call_that_does_not_fit_is_refused_with_all_that_is_wrong(args, given, words):
    config = LineFunc(slope=3.0)
    with pytest.raises(CallError) as caught:
        config(*args, **given)
    for expected in words:
        assert expected in str(caught.value)
    assert f"{Path(__file__).name}:" in str(caught.value)
    assert pickle.loads(pickle.dumps(caught.value)).args == caught.value.args


@pytest.mark.parametrize("kind", [TypeError, ValueError, RuntimeError])
def test_a_wrong_call_is_every_error_that_it_used_to_be(kind):
    with pytest.raises(kind):
        LineFunc()(1.0, slope=2.0)


def test_calls_of_one_config_do_not_depend_on_each_other():
    """The quick way that a later call goes means the same as the first."""
    config = LineFunc(slope=3.0)
    for _ in range(3):
        assert (config(2.0), config(x=2.0)) == (6.0, 6.0)
        with pytest.raises(CallError, match="x is missing"):
            config()
        with pytest.raises(CallError, match="slope is configured already"):
            config(2.0, 1.0)
        with pytest.raises(CallError, match="offset is configured already"):
            config(2.0, offset=1.0)

    @pconfig(calls=samples.options)
    class LeftOut:
        x: Omitted[int]
        scale: Omitted[float]

    open_config = LeftOut(scale=Omitted)
    for _ in range(3):
        assert open_config(1) == (1, 1.0, {})
        assert open_config(1, 2.0) == (1, 2.0, {})
        with pytest.raises(CallError, match="x is missing"):
            open_config()


def test_what_the_function_raises_comes_through_unchanged():
    def fails(x, y: int = 1):
        raise KeyError(x)

    @pconfig(calls=fails)
    class Fails:
        pass

    with pytest.raises(KeyError, match="k"):
        Fails()("k")


def test_the_default_from_the_signature_is_replaced_once():
    @pconfig(calls=line)
    class Own:
        pass

    assert Own.default_config == Own(slope=1.0, offset=0.0)
    globals()["pdefaults"] += Own(slope=2.0)
    assert Own().slope == 2.0
    assert Own.default_config.offset == 0.0
    with pytest.raises(DefaultError):
        globals()["pdefaults"] += Own(slope=3.0)


def test_the_default_is_made_at_its_first_use():
    """Threads that build the first configs of a class at once all see its default."""

    @pconfig(calls=line)
    class Shared:
        pass

    barrier = threading.Barrier(8)
    found: list[Any] = []

    def build() -> None:
        barrier.wait()
        found.append(Shared())

    threads = [threading.Thread(target=build) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [Shared()] * 8


def test_declared_names_narrow_and_add():
    @pconfig(calls=samples.involved)
    class Involved:
        decimal: int
        worker: Omitted[object]
        nothing: int | None
        size: Omitted[int]
        x: int

    config = Involved()
    assert list(config.asdict()) == ["x", "decimal", "worker", "nothing", "size"]
    assert config.x is Required
    assert (config.decimal, config.worker, config.nothing) == (1, None, None)
    assert config.size is Omitted
    with pytest.raises(CallError, match=r"x is missing \(int\)"):
        config()
    assert config(4, size=2) == (4, 1, None, None, 2)
    assert Involved(x=5)()[:4] == (5, 1, None, None)
    with pytest.raises(CallError, match="x is configured already, as 5"):
        Involved(x=5)(6)


def test_further_keywords_are_passed_and_fields_of_the_config_are_kept():
    config = OptionsFunc(clip=True, label="l", note="n")
    assert config(1) == (1, 1.0, {"clip": True})
    assert config(1, rounding=2) == (1, 1.0, {"clip": True, "rounding": 2})
    assert OptionsFunc(config, rounding=3)(1) == (1, 1.0, {"clip": True, "rounding": 3})
    assert config(1, free=4) == (1, 1.0, {"clip": True, "free": 4})
    with pytest.raises(CallError, match="label is a field of OptionsFunc only"):
        config(1, label="m")
    with pytest.raises(CallError, match="clip is configured already"):
        config(1, clip=False)


def test_a_kept_field_that_is_open_keeps_the_config_from_being_called():
    with pytest.raises(OpenConfigError, match="note"):
        OptionsFunc(clip=True, label="l")(1)
    with pytest.raises(CallError, match=r"clip is missing \(bool\)"):
        OptionsFunc(label="l", note="n")(1)


def test_a_parameter_kept_to_the_config_is_not_passed():
    @pconfig(calls=line)
    class Kept:
        slope: NotMock[float]

    assert Kept(slope=7.0)(1.0) == 1.0
    assert Kept(slope=7.0)(1.0, slope=2.0) == 2.0


def test_properties_compute_parameters():
    @pconfig(calls=line)
    class Computed:
        slope: Pinned[float]
        offset: float
        rise: float

        @pproperty
        def slope(self) -> float:
            return self.rise * 2

        @pproperty
        def offset(self) -> float:
            from pconfigs import pinputs

            return pinputs(self).offset + 1

    config = Computed(rise=3.0)
    assert (config.slope, config.offset) == (6.0, 1.0)
    assert config(1.0) == 7.0
    with pytest.raises(BuildValueError):
        Computed(rise=3.0, slope=1.0)
    with pytest.raises(OpenConfigError, match="rise"):
        Computed()(1.0)


def test_a_pinned_parameter_has_the_pin_of_the_signature():
    @pconfig(calls=line)
    class PinnedLine:
        slope: Pinned[float]

    assert PinnedLine()(2.0) == 2.0
    with pytest.raises(BuildValueError):
        PinnedLine(slope=2.0)
    assert PinnedLine(slope=Pin(2.0))(2.0) == 4.0


def test_checks_look_at_what_is_asked_for_and_not_at_the_signature():
    @pconfig(calls=line)
    class Steep:
        @pcheck
        def is_steep(self) -> None:
            if self.slope < 2:
                raise ValueError("flat")

    assert Steep(slope=3.0)(1.0) == 3.0
    with pytest.raises(CheckError, match="flat"):
        Steep()


def test_positions_and_stars_are_left_to_the_call():
    @pconfig(calls=samples.spread)
    class Spread:
        second: Omitted[int]

    globals()["pdefaults"] += Spread(second=Omitted)
    config = Spread(third=4)
    assert config(1) == (1, 2, (), 4)
    assert config(1, 5, 6, 7) == (1, 5, (6, 7), 4)
    with pytest.raises(DeclarationError, match="by position only"):

        @pconfig(calls=samples.spread)
        class First:
            first: int


def test_what_is_called_gets_containers_of_its_own():
    """Whatever the function does to them, the config stays what it was."""

    @pconfig(calls=samples.change)
    class Change:
        pass

    config = Change()
    first, second = config(), config()
    assert first == second == ([1, 9], {"a": [2, 9]})
    assert type(first[0]) is list
    assert type(first[1]) is dict
    assert type(first[1]["a"]) is list
    assert (config.items, config.table) == ([1], {"a": [2]})


_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
    max_leaves=8,
)


def _holds(value: Any = None) -> Any:
    return value


@pconfig(calls=_holds)
class Holds:
    value: Any


def _kinds(value: Any) -> Any:
    if isinstance(value, dict):
        return dict, [_kinds(item) for item in value.values()]
    if isinstance(value, (list, tuple)):
        return type(value), [_kinds(item) for item in value]
    return type(value)


@given(_VALUES)
def test_any_value_arrives_as_the_ordinary_thing_that_was_given(value):
    arrived = Holds(value=value)()
    assert repr(arrived) == repr(value)
    assert _kinds(arrived) == _kinds(value)


def test_arrays_arrive_as_copies_that_can_be_written_to():
    config = Holds(value=np.arange(3))
    arrived = config()
    arrived[0] = 7
    assert config.value[0] == 0


def test_a_config_as_value_is_passed_on():
    inner = LineFunc(slope=2.0)
    assert Holds(value=inner)() is inner
    assert Holds(value=[inner])()[0] is inner


@pytest.mark.parametrize(
    ("called", "argument", "result"),
    [
        (samples.Rotation.doubled, 3, 12),
        (samples.Rotation.__dict__["doubled"], 3, 12),
        (samples.Rotation.named, 3, ("Rotation", 3, "m")),
        (samples.Rotation("p").with_mode, 3, ("p", 3, "m")),
        (samples.Rotation("p"), 4, 1.0),
        (samples.partial_line, 2.0, 3.0),
        (lambda x, name="n": (x, name), 3, (3, "m")),
        (len, "abc", 3),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
def test_whatever_is_called_and_shows_its_parameters_works(called, argument, result):
    config_class = pconfig(calls=called)(type("Called", (), {}))
    values = {"times": 4, "name": "m", "mode": "m", "share": 0.25, "slope": 1.5}
    fields = schema_of(config_class).fields
    config = config_class(**{name: values[name] for name in fields if name in values})
    assert config(argument) == result
    assert compile(str(config), "config", "eval")


@pytest.mark.parametrize(
    ("called", "words"),
    [
        (min, "the parameters of min cannot be read"),
        (samples.Rotation, "write mocks="),
        (samples.Rotation.__dict__["named"], "calls=SomeClass.method"),
        (3, "it has to be a function"),
        (LineFunc, "a config class already"),
    ],
)
def test_what_cannot_be_called_is_refused_with_the_reason(called, words):
    with pytest.raises(DeclarationError, match=words):
        pconfig(calls=called)(type("Called", (), {}))


def test_no_base_classes():
    class Base:
        pass

    with pytest.raises(DeclarationError, match="Derived.*Base"):

        @pconfig(calls=line)
        class Derived(Base):
            pass


def test_only_one_of_the_three():
    with pytest.raises(DeclarationError, match="calls, mocks"):
        pconfig(calls=line, mocks=samples.Rotation)


def test_a_type_that_cannot_be_found_is_a_name_error_too():
    with pytest.raises(NameError, match=r"(?s)outside_samples.unknown.*Nowhere") as caught:

        @pconfig(calls=samples.unknown)
        class Unknown:
            pass

    assert isinstance(caught.value, ParameterError)


def test_a_misspelt_marker_is_refused_where_nothing_could_take_it():
    with pytest.raises(DeclarationError, match="did you mean 'offset'"):

        @pconfig(calls=line)
        class Misspelt:
            offst: Omitted[float]


def test_declared_types_may_follow_later():
    @pconfig(calls=samples.involved)
    class Later:
        decimal: Omitted[LaterType]
        worker: Omitted[LaterType]
        nothing: LaterType | None
        size: Omitted[int]

    class LaterType:
        pass

    assert Later(nothing=LaterType()).nothing is not None


def test_a_config_often_built_means_the_same():
    """The compiled initializer knows Omitted, and the default from the signature."""
    made = [OptionsFunc(clip=True, label="l", note=str(index)) for index in range(30)]
    assert {config.rounding for config in made} == {Omitted}
    assert made[-1](1) == (1, 1.0, {"clip": True})
    made = [LineFunc(made_of) for made_of in [LineFunc(slope=4.0)] * 30]
    assert made[-1](1.0) == 4.0


pdefaults  # the name is used through globals(): `pdefaults += …` in a function would be local


def test_keywords_come_in_the_order_of_the_fields_in_every_call():
    def names(**more):
        return list(more)

    @pconfig(calls=names)
    class NamesConfig:
        many: Kwarg[list[int]]
        one: Kwarg[int]

    config = NamesConfig(many=[1], one=2)
    assert config() == config() == ["many", "one"]
