"""Derived configs: fields added, narrowed, pinned; properties overridden; another class made."""

from __future__ import annotations

from pconfigs import Pin, Pinned, pconfig, pconfiged, pdefaults, pproperty
from system import ModelConfig, Trainer, TrainerConfig, trainer


class WideModelConfig(ModelConfig):
    """Not decorated: the fields of its parent."""


@pconfig(inherit_constructable_type=True)
class NarrowedConfig(TrainerConfig):
    model: WideModelConfig
    lr: Pinned[float]
    extra: int

    @pproperty
    def schedule(self) -> list[float]:
        return [self.lr] * self.extra


@pconfiged(runnable=True)
class Evaluator(Trainer):
    config: TrainerConfig

    def main(self, *args: object, **kwargs: object) -> int:
        return self.config.steps


@pconfig(inherit_constructable_type=False)
class PlainConfig(TrainerConfig):
    pass


pdefaults += NarrowedConfig(trainer, model=WideModelConfig(width=3), lr=Pin(0.3), extra=4)
config: NarrowedConfig = NarrowedConfig(trainer, model=WideModelConfig(), extra=7)
rate: float = config.lr
rates: list[float] = config.schedule
model: WideModelConfig = config.model
plain: PlainConfig = PlainConfig(trainer, steps=3)
