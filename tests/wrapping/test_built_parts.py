"""Parts that are constructed for the call: `Built[...]`, and dataclasses without restating."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from pconfigs import (
    Built,
    NoneConfig,
    Omitted,
    OptionalConfig,
    PConfig,
    Required,
    pconfig,
    pconfiged,
)

made: list[str] = []


class Layer:
    def __init__(self, width: int = 1):
        made.append(f"Layer({width})")
        self.width = width


class Model:
    def __init__(self, layers: list, head: Layer | None = None, names: dict | None = None):
        made.append("Model")
        self.layers, self.head, self.names = layers, head, names


class Adam:
    def __init__(self, model, lr: float = 0.1):
        self.model, self.lr = model, lr


def train(model, optimizer, epochs: int, *, batch: int = 2):
    return model, optimizer, epochs, batch


@pconfig(mocks=Layer)
class LayerConfig(PConfig[Layer]):
    pass


@pconfig(mocks=Model)
class ModelConfig(PConfig[Model]):
    layers: Built[list[LayerConfig]]
    head: Built[OptionalConfig[LayerConfig]]
    names: Built[dict[str, LayerConfig] | None]


@pconfig(mocks=Adam)
class AdamConfig(PConfig[Adam]):
    model: Built[ModelConfig]


@pconfig(calls=train)
class Train:
    model: Built[ModelConfig]
    optimizer: Built[AdamConfig]


@pconfiged
class Configured:
    config: ConfiguredConfig


@pconfig(constructs=Configured)
class ConfiguredConfig(PConfig[Configured]):
    width: int


@pconfig(calls=train)
class TrainConfigured:
    model: Built[ConfiguredConfig]
    optimizer: ConfiguredConfig


layer = LayerConfig(width=3)
model = ModelConfig(layers=[layer, layer, LayerConfig(width=4)], head=NoneConfig, names=None)


@pytest.fixture(autouse=True)
def nothing_made():
    made.clear()


def test_parts_are_constructed_for_the_call():
    train_fn = Train(model=model, optimizer=AdamConfig(model=model, lr=0.5))
    built, optimizer, epochs, batch = train_fn(epochs=100)
    assert isinstance(built, Model)
    assert [one.width for one in built.layers] == [3, 3, 4]
    assert (built.head, built.names, epochs, batch) == (None, None, 100, 2)
    assert (type(optimizer), optimizer.lr) == (Adam, 0.5)


def test_what_is_shared_is_constructed_once():
    built, optimizer, *_ = Train(model=model, optimizer=AdamConfig(model=model))(epochs=1)
    assert optimizer.model is built
    assert built.layers[0] is built.layers[1]
    assert sorted(made) == ["Layer(3)", "Layer(4)", "Model"]


def test_each_call_constructs_anew():
    train_fn = Train(model=model, optimizer=AdamConfig(model=model))
    first, second = train_fn(epochs=1)[0], train_fn(epochs=1)[0]
    assert first is not second
    assert first.layers[0] is not second.layers[0]


def test_dicts_and_optional_parts_are_constructed():
    named = ModelConfig(layers=[], head=layer, names={"a": layer})
    built = named.construct()
    assert built.names["a"] is built.head
    assert isinstance(built.head, Layer)


def test_configured_classes_are_constructed_and_plain_fields_stay_configs():
    config = ConfiguredConfig(width=2)
    first, second, *_ = TrainConfigured(model=config, optimizer=config)(epochs=1)
    assert isinstance(first, Configured)
    assert second is config


def test_an_error_names_the_way():
    class Broken:
        def __init__(self, width: int = 1):
            raise KeyError("broken")

    @pconfig(mocks=Broken)
    class BrokenConfig(PConfig[Broken]):
        pass

    def call(part: object):
        return part

    @pconfig(calls=call)
    class Call:
        part: Built[list[BrokenConfig]]

    with pytest.raises(KeyError) as caught:
        Call(part=[BrokenConfig()])()
    assert caught.value.__notes__[-1] == "while constructing Call.part[0]"


def test_a_part_that_constructs_nothing_is_refused():
    @pconfig
    class Plain(PConfig):
        x: int

    def call(part: object):
        return part

    @pconfig(calls=call)
    class Call:
        part: Built[Plain]

    with pytest.raises(TypeError, match=r"Call.part: .*Plain constructs nothing"):
        Call(part=Plain(x=1))()


def test_a_name_that_is_not_a_parameter_is_refused():
    with pytest.raises(TypeError, match="Built"):

        @pconfig(mocks=Layer)
        class Wrong(PConfig[Layer]):
            model: Built[ModelConfig]


@dataclass
class Group:
    name: str
    components: list[str] = field(default_factory=list)
    kwargs: dict[str, Any] = field(default_factory=dict)
    hook: Callable[[int], int] | None = None
    size: int = 3


@pconfig(mocks=Group)
class GroupConfig(PConfig[Group]):
    pass


def test_fields_of_a_dataclass_need_no_restating():
    config = GroupConfig(name="a", kwargs={"x": 1})
    assert config.construct() == Group("a", kwargs={"x": 1})
    assert GroupConfig().name is Required
    assert GroupConfig().construct(name="b") == Group("b")
    with pytest.raises(TypeError, match="GroupConfig.name must be str"):
        GroupConfig(name=3)


def test_a_factory_of_another_kind_is_still_asked_about():
    @dataclass
    class Other:
        part: Layer = field(default_factory=Layer)

    with pytest.raises(TypeError, match="part"):

        @pconfig(mocks=Other)
        class OtherConfig(PConfig[Other]):
            pass

    @pconfig(mocks=Other)
    class Settled(PConfig[Other]):
        part: Omitted[Layer]

    assert Settled().part is Omitted
