"""Mistakes of a first hour: a function for each."""

import dataclasses
import functools
from abc import abstractmethod
from typing import Any, NotRequired, TypedDict

from pconfigs import (
    PCallable,
    PConfig,
    Pinned,
    Required,
    pcheck,
    pconfig,
    pconfiged,
    pdefaults,
    penv,
    pexplain,
    pface,
    pget,
    pload,
    poverride,
    pproperty,
    pset,
    psetter,
)


@pconfig
class AdamConfig:
    lr: float
    steps: int


@pconfig
class SGDConfig:
    lr: float


@pconfig
class TrainConfig:
    optimizer: AdamConfig
    widths: list[int]

    @pproperty
    def total(self) -> int:
        return self.optimizer.steps * self.widths[0]


pdefaults += AdamConfig(lr=0.1, steps=10)
pdefaults += TrainConfig(optimizer=AdamConfig(), widths=[1, 2])
base = TrainConfig()


def misspelt_attribute_in_a_property():
    @pconfig
    class ModelConfig:
        width: int

        @pproperty
        def double(self) -> int:
            return self.wdth * 2

    ModelConfig(width=1)


def property_of_another_name():
    @pconfig
    class ModelConfig:
        total_steps: Pinned[int]

        @pproperty
        def total_step(self) -> int:
            return 1

    ModelConfig()


def property_without_return():
    @pconfig
    class ModelConfig:
        width: int

        @pproperty
        def double(self) -> int:
            self.width * 2  # noqa: B018

    ModelConfig(width=1)


def property_of_python():
    @pconfig
    class ModelConfig:
        width: int
        double: Pinned[int]

        @property
        def double(self) -> int:
            return self.width * 2


def forgotten_pproperty():
    @pconfig
    class ModelConfig:
        width: int
        double: Pinned[int]

        def double(self) -> int:
            return self.width * 2


def property_of_python_for_an_inherited_field():
    @pconfig
    class BigConfig(AdamConfig):
        @property
        def steps(self) -> int:
            return 1


def marker_in_the_body():
    @pconfig
    class ModelConfig:
        width: int = Required


def keys_of_a_typed_dict():
    class Movie(TypedDict):
        title: str
        year: NotRequired[int]

    @pconfig
    class ShelfConfig:
        movie: Movie

    ShelfConfig(movie={"title": 3, "yaer": 1999, "price": 2})


def pget_of_a_class():
    pget(AdamConfig, "lr")


def pexplain_of_a_class():
    pexplain(AdamConfig, "lr")


def pset_with_keywords():
    pset(base.optimizer, lr=3.0)


def pset_with_a_text():
    pset(base.optimizer, "lr=3.0")


def poverride_with_one_text():
    poverride(base.optimizer, "lr=3.0")


def psetter_of_a_class():
    psetter(AdamConfig)


def psetter_append():
    psetter(base).widths.append(3)


def psetter_extend():
    psetter(base).widths += [3]


def psetter_of_a_new_part():
    view = psetter(base)
    view.optimizer = AdamConfig(steps=1)
    view.optimizer.steps = 2


def construct_of_nothing():
    base.construct()


def class_to_construct_as_text():
    @pconfig
    class NetConfig(PConfig["Net"]):
        width: int


def runnable_without_main():
    @pconfiged(runnable=True)
    class Net:
        config: Any


@penv
class Variables:
    HOME: str


def environment_as_a_keyword():
    @pconfig
    class HomeConfig:
        environment: Variables
        width: int

    HomeConfig(width=1, environment=Variables)


def environment_of_another_name():
    @pconfig
    class HomeConfig:
        env: Variables

    HomeConfig()


def dataclass_already():
    @pconfig
    @dataclasses.dataclass
    class ModelConfig:
        width: int


def replaced_by_dataclasses():
    dataclasses.replace(base.optimizer, stepps=1)


def field_of_a_part():
    pload({"lr": 3.0}, TrainConfig)


def null_and_fraction():
    pload({"lr": 0.1, "steps": 0.5}, AdamConfig)


def null():
    pload({"lr": None, "steps": 1}, AdamConfig)


def face_of_a_union():
    @pconfig
    class RunConfig:
        optimizer: AdamConfig | SGDConfig

    @pface(RunConfig, lr="optimizer.lr")
    def run(config):
        pass

    run(lr=3.0)


def check_after_a_property():
    @pconfig
    class ListConfig:
        widths: list[int]

        @pproperty
        def first(self) -> int:
            return self.widths[0]

        @pcheck
        def check_widths(self):
            if not self.widths:
                raise ValueError("widths must not be empty")

    ListConfig(widths=[])


def construct_by_position():
    class Optimizer:
        def __init__(self, params: list, lr: float = 0.1):
            pass

    @pconfig(mocks=Optimizer)
    class OptimizerConfig:
        pass

    OptimizerConfig(lr=0.1).construct([])


def function_for_a_config():
    @pconfig
    class ModelConfig:
        act: PCallable

    ModelConfig(act=functools.partial(max, 0))


def name_of_a_type():
    @pconfig
    class ModelConfig:
        kind: type

    ModelConfig(kind="int")


def unknown_annotation():
    @pconfig
    class ModelConfig:
        width: "flaot"  # noqa: F821

    ModelConfig(width=1)


def abstract_property():
    @pconfig
    class ShapeConfig:
        side: int

        @pproperty
        @abstractmethod
        def area(self) -> int:
            raise NotImplementedError

    ShapeConfig(side=1)
