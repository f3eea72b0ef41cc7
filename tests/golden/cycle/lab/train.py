from __future__ import annotations

import enum
from typing import Annotated, Literal

from annotated_types import Gt
from pconfigs import pconfig, pconfiged, pdefaults
from pconfigs.pinnable import Pin, Pinned, pproperty


class Kind(enum.Enum):
    adam = "adam"
    sgd = "sgd"


@pconfig
class BlockConfig:
    width: int
    rates: list[float]


@pconfiged(runnable=True)
class Train:
    config: TrainConfig

    def main(self, *args):
        print(self.config)


@pconfig(constructs=Train)
class TrainConfig:
    steps: int
    warmup_steps: int
    base_lr: Annotated[float, Gt(0)]
    optimizer: Literal["adam", "sgd"]
    kind: Kind
    blocks: list[BlockConfig]
    decay_steps: Pinned[int]
    version: Pinned[int]

    @pproperty
    def decay_steps(self) -> int:
        if self.warmup_steps > self.steps:
            raise ValueError("warmup is longer than the run")
        return self.steps - self.warmup_steps


pdefaults += TrainConfig(
    steps=100,
    warmup_steps=10,
    base_lr=1e-3,
    optimizer="adam",
    kind=Kind.adam,
    blocks=[BlockConfig(width=8, rates=[0.1])],
    version=Pin(2),
)
