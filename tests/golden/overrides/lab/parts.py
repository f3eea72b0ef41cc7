"""A trainer with a model, an optimizer and heads."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated, Literal

from annotated_types import Gt

from pconfigs import Pin, Pinned, Secret, pconfig, pconfiged, pdefaults, pinputs, pproperty


class Precision(enum.Enum):
    full = "fp32"
    half = "bf16"


@pconfig
class BlockConfig:
    width: int
    kind: Literal["conv", "dense"]


@pconfig
class ModelConfig:
    width: int
    depth: int
    blocks: list[BlockConfig]
    seed: Pinned[int]

    @pproperty
    def parameters(self) -> int:
        return self.depth * self.width**2


@pconfig
class OptimizerConfig:
    lr: Annotated[float, Gt(0)]


@pconfig
class AdamConfig(OptimizerConfig):
    beta: float


@pconfig
class BareConfig(OptimizerConfig):
    momentum: float


@pconfiged(runnable=True)
class Trainer:
    config: TrainerConfig

    def main(self, *args):
        print("ran", self.config.name, self.config.steps, self.config.optimizer.lr)


@pconfig(constructs=Trainer)
class TrainerConfig:
    name: str
    steps: int
    width: int
    model: ModelConfig
    optimizer: OptimizerConfig | None
    precision: Precision
    tags: list[str]
    heads: dict[str, BlockConfig]
    folder: Path
    limit: int | str
    token: Secret[str]
    warmup: int

    @pproperty
    def model(self) -> ModelConfig:
        given = pinputs(self).model
        return type(given)(given, width=self.width)

    @pproperty
    def warmup(self) -> int:
        return self.steps // 2

    @pproperty
    def schedule(self) -> list[float]:
        return [self.optimizer.lr / (step + 1) for step in range(self.warmup)]


pdefaults += BlockConfig(width=4, kind="conv")
pdefaults += ModelConfig(width=8, depth=2, blocks=[BlockConfig(), BlockConfig(width=6)], seed=Pin(17))
pdefaults += OptimizerConfig(lr=0.1)
pdefaults += AdamConfig(lr=0.01, beta=0.9)
pdefaults += TrainerConfig(
    name="base",
    steps=4,
    width=8,
    model=ModelConfig(),
    optimizer=OptimizerConfig(),
    precision=Precision.full,
    tags=["a"],
    heads={"cls": BlockConfig()},
    folder=Path("out"),
    limit=3,
    token="hush",
    warmup=0,
)
