"""Configs of classes that cannot be changed, and classes that extend them."""

from __future__ import annotations

import abc
import enum
import pickle
from logging.handlers import RotatingFileHandler

import pytest

from pconfigs import (
    Kwarg,
    NotMock,
    Omitted,
    Required,
    pconfig,
    pconfiged,
    pdefaults,
    pdump,
    pload,
)
from pconfigs.errors import (
    CallError,
    DeclarationError,
    InheritanceError,
    NotConfiguredError,
    OpenConfigError,
    ParameterError,
)
from tests.models import outside_samples as samples
from tests.models.outside_samples import Rotation, Row


@pconfig(mocks=Rotation)
class RotationConfig:
    pass


@pconfiged(mock=True)
class NamedRotation(Rotation):
    config: NamedRotationConfig

    def label(self) -> str:
        return f"{self.config.label}:{self.path}"


@pconfig(constructs=NamedRotation)
class NamedRotationConfig:
    label: str


def test_construct_makes_one_from_the_config_and_what_is_given():
    config = RotationConfig(size=3)
    made = config.construct(path="p")
    assert type(made) is Rotation
    assert (made.path, made.size, made.mode) == ("p", 3, "a")
    assert RotationConfig.constructable_type is Rotation
    assert str(config).splitlines()[1].strip() == (
        "constructable_type=Rotation,  # ClassVar (omit from config)"
    )
    assert pickle.loads(pickle.dumps(config)) == config


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "path is missing (str)"),
        ({"path": "p", "size": 4}, "size is configured already, as 3"),
        ({"path": "p", "modes": 4}, "modes is not a parameter; did you mean 'mode'?"),
    ],
)
def test_a_construction_that_does_not_fit_is_refused(given, words):
    with pytest.raises(CallError) as caught:
        RotationConfig(size=3).construct(**given)
    assert words in str(caught.value)
    assert isinstance(caught.value, ValueError)


def test_the_outside_class_is_left_as_it_was():
    before = dict(vars(Rotation))

    @pconfig(mocks=Rotation)
    class Another:
        extra: NotMock[int]

    Another(extra=1).construct(path="p")
    NamedRotationConfig(label="l").construct(path="p")
    assert dict(vars(Rotation)) == before


class Stopping:
    def __init__(self, monitor: str, patience: int = 3, callbacks: list[str] | None = None):
        self.monitor = monitor


def test_a_parameter_without_a_default_is_declared_as_the_message_writes_it():
    @pconfig(mocks=Stopping)
    class Stop:
        pass

    with pytest.raises(TypeError, match="Stop has no field 'monitor'") as caught:
        Stop(monitor="loss")
    words = "it is a parameter without a default: declare monitor: str in the class"
    assert words in str(caught.value)

    @pconfig(mocks=Stopping)
    class Declared:
        monitor: str

    assert Declared(monitor="loss").construct().monitor == "loss"
    with pytest.raises(TypeError, match="did you mean 'patience'"):
        Stop(patince=1)


def test_declared_parameters_may_be_required_omitted_or_kept():
    @pconfig(mocks=Rotation)
    class Declared:
        path: str
        size: Omitted[int]
        mode: NotMock[str]

    config = Declared(mode="kept")
    assert config.path is Required
    with pytest.raises(ValueError, match="path is missing"):
        config.construct()
    made = Declared(config, size=Omitted).construct(path="p", size=5)
    assert (made.path, made.size, made.mode) == ("p", 5, "a")
    assert Declared(config, path="q").construct().path == "q"


def test_the_rest_may_be_left_out_in_one_word():
    def plot(x, colour="red", marks=None, style=len):
        return x, colour, marks, style

    with pytest.raises(ParameterError, match=r"@pconfig\(calls=plot, rest=Omitted\)"):
        pconfig(calls=plot)(type("PlotFunc", (), {}))

    @pconfig(calls=plot, rest=Omitted)
    class PlotFunc:
        marks: list[str] | None

    config = PlotFunc(marks=["o"])
    assert (config.colour, config.style) == ("red", Omitted)
    assert config(1) == (1, "red", ["o"], len)
    assert config(1, style=3) == (1, "red", ["o"], 3)
    assert PlotFunc(config, style=4)(1) == (1, "red", ["o"], 4)
    assert pload(pdump(config), PlotFunc) == config


@pytest.mark.parametrize("options", [{"rest": Omitted}, {"rest": True, "mocks": Rotation}])
def test_the_rest_is_omitted_or_declared(options):
    with pytest.raises(DeclarationError, match="rest must be Omitted, and go with calls= or mocks"):
        pconfig(**options)


def test_a_dataclass_field_with_a_factory_may_be_declared_or_left_out():
    @pconfig(mocks=Row)
    class Undeclared:
        pass

    assert Undeclared().tags == []
    assert Undeclared(key="k").construct() == Row("k")

    @pconfig(mocks=Row)
    class Declared:
        tags: list[str]

    @pconfig(mocks=Row)
    class LeftOut:
        tags: Omitted[list[str]]

    first, second = (Declared().construct(key="k") for _ in range(2))
    first.tags.append("t")
    assert second == Row("k")
    assert Declared(tags=["a"]).construct(key="k") == Row("k", tags=["a"])
    assert LeftOut().construct(key="k") == Row("k")
    assert LeftOut().construct(key="k", tags=["b"]) == Row("k", tags=["b"])


def test_an_attrs_class_works_alike():
    attrs = pytest.importorskip("attrs")

    @attrs.define
    class Point:
        x: int
        _y: float = 2.0
        marks: list[int] = attrs.field(factory=list)

    with pytest.raises(ParameterError, match="marks"):

        @pconfig(mocks=Point)
        class Undeclared:
            pass

    @pconfig(mocks=Point)
    class Declared:
        marks: list[int]

    assert Declared(y=3.0).construct(x=1) == Point(1, 3.0, [])


def test_a_class_without_an_initializer_has_no_fields():
    class Empty:
        pass

    @pconfig(mocks=Empty)
    class EmptyConfig:
        pass

    assert type(EmptyConfig().construct()) is Empty


def test_parameters_by_position_only_are_given_by_name():
    @pconfig(mocks=samples.ByPosition)
    class ByPositionConfig:
        pass

    config = ByPositionConfig(third=4)
    assert config.construct(first=1).values == (1, 2, 4)
    assert config.construct(first=1, second=3).values == (1, 3, 4)
    with pytest.raises(CallError, match="first is missing"):
        config.construct(second=3)


class Abstract(abc.ABC):
    @abc.abstractmethod
    def run(self) -> None: ...


@pytest.mark.parametrize(
    ("outside", "words"),
    [
        (dict, "the parameters of dict cannot be read"),
        (len, "for a function write calls="),
        (Abstract, "a class that defines run"),
        (RotationConfig, "a config class already"),
        (NamedRotation, "write constructs="),
    ],
)
def test_what_cannot_be_mocked_is_refused_with_the_reason(outside, words):
    with pytest.raises(DeclarationError, match=words):
        pconfig(mocks=outside)(type("Mocked", (), {}))


def test_a_derived_config_keeps_its_own_fields_to_itself():
    with pytest.raises(InheritanceError):

        @pconfig
        class Undecided(RotationConfig):
            pass

    @pconfig(inherit_constructable_type=True)
    class Derived(RotationConfig):
        extra: int

    config = Derived(extra=1, size=4)
    assert config.construct(path="p").size == 4
    assert Derived(RotationConfig(size=6), extra=1).construct(path="p").size == 6
    assert isinstance(config, RotationConfig)


def test_enums_and_configs_are_passed_as_they_are():
    class Kind(enum.Enum):
        A = 1

    class Holder:
        def __init__(self, kind: Kind = Kind.A, **others: object) -> None:
            self.kind, self.others = kind, others

    @pconfig(mocks=Holder)
    class HolderConfig:
        rotation: Kwarg[RotationConfig]

    rotation = RotationConfig(size=2)
    made = HolderConfig(rotation=rotation).construct()
    assert made.kind is Kind.A
    assert made.others["rotation"] is rotation


def test_a_mock_class_has_its_config_and_the_parameters_of_its_parent():
    config = NamedRotationConfig(label="l", size=2)
    assert list(config.asdict()) == ["size", "mode", "label"]
    made = config.construct(path="p")
    assert type(made) is NamedRotation
    assert made.config is config
    assert (made.label(), made.size) == ("l:p", 2)


def test_a_mock_class_is_made_from_its_config_alone():
    config = NamedRotationConfig(label="l")
    assert NamedRotation(path="q", config=config).label() == "l:q"
    with pytest.raises(NotConfiguredError, match="NamedRotationConfig"):
        NamedRotation(path="q")
    with pytest.raises(OpenConfigError, match="label"):
        NamedRotationConfig().construct(path="p")
    with pytest.raises(CallError, match="label is a field of NamedRotationConfig only"):
        config.construct(path="p", label="m")


def test_a_mock_class_may_have_an_initializer_of_its_own():
    seen = []

    @pconfiged(mock=True)
    class Own(Rotation):
        config: OwnConfig

        def __init__(self, depth: int = 3):
            seen.append(self.config)
            super().__init__("own", size=depth)

    @pconfig(constructs=Own)
    class OwnConfig:
        pass

    config = OwnConfig(depth=4)
    assert config.construct().size == 4
    assert seen == [config]


def test_mock_classes_derive_from_each_other():
    @pconfiged(mock=True)
    class Deeper(NamedRotation):
        config: DeeperConfig

    @pconfig(constructs=Deeper)
    class DeeperConfig(NamedRotationConfig):
        depth: int

    made = DeeperConfig(label="l", depth=2, size=7).construct(path="p")
    assert (made.label(), made.size, made.config.depth) == ("l:p", 7, 2)


def test_a_mock_class_with_a_new_of_its_own_gets_its_arguments():
    class Word(str):
        def __new__(cls, text: str, times: int = 2) -> Word:
            return super().__new__(cls, text * times)

        def __init__(self, text: str, times: int = 2) -> None:
            self.times = times

    @pconfiged(mock=True)
    class Marked(Word):
        config: MarkedConfig

    @pconfig(constructs=Marked)
    class MarkedConfig:
        mark: str

    made = MarkedConfig(mark="m", times=3).construct(text="ab")
    assert (made, made.times, made.config.mark) == ("ababab", 3, "m")


def test_defaults_of_mock_configs_are_completed():
    @pconfiged(mock=True)
    class Completed(Rotation):
        config: CompletedConfig

    @pconfig(constructs=Completed)
    class CompletedConfig:
        y: int
        z: int

    assert CompletedConfig.default_config.y is Required
    globals()["pdefaults"] += CompletedConfig(y=1)
    assert CompletedConfig.default_config.z is Required
    globals()["pdefaults"] += CompletedConfig(z=2)
    assert CompletedConfig(size=1).construct(path="p").config.z == 2


def test_a_handler_of_the_standard_library_gets_its_file_from_the_call(tmp_path):
    @pconfig(mocks=RotatingFileHandler)
    class HandlerConfig:
        encoding: str
        errors: Omitted[str]

    assert HandlerConfig().encoding is None
    config = HandlerConfig(maxBytes=10, delay=True, encoding="utf-8")
    handler = config.construct(filename=tmp_path / "log")
    assert (handler.maxBytes, handler.encoding) == (10, "utf-8")
    handler.close()


pdefaults  # the name is used through globals(): `pdefaults += …` in a function would be local


class Cached:
    def __new__(cls, *args, **kwargs):
        return super().__new__(cls)

    def __init__(self, size: int = 10):
        self.size = size


class Passing(type):
    def __call__(cls, *args, **kwargs):
        return super().__call__(*args, **kwargs)


class Metaclassed(metaclass=Passing):
    def __init__(self, size: int = 10):
        self.size = size


@pytest.mark.parametrize("target", [Cached, Metaclassed])
def test_the_parameters_of_init_count_where_new_passes_all_on(target):
    """A `__new__(*args, **kwargs)`, or a metaclass like it, has none of its own."""

    @pconfig(mocks=target)
    class Bare:
        pass

    @pconfig(mocks=target)
    class Declared:
        size: int

    assert Bare().construct().size == 10
    assert Bare(size=3).construct().size == 3
    assert Declared(size=4).construct().size == 4
