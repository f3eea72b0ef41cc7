"""A trainer that only shows its learning rates: the smallest whole system."""

from __future__ import annotations

import math

from pconfigs import pconfig, pconfiged, pdefaults, psmoke
from pconfigs.pinnable import Pinned, pproperty


@pconfiged(runnable=True)
class Trainer:
    """Prints the learning rate of each step."""

    config: TrainerConfig

    def main(self, *args, **kwargs):
        for step in range(self.config.steps):
            print(f"step={step} lr={self.config.lr_schedule[step]}")


@pconfig(constructs=Trainer)
class TrainerConfig:
    """What a trainer is told, and what follows from it."""

    steps: int
    base_lr: float
    total_steps: int
    min_lr_ratio: float
    grad_accum_steps: int
    num_devices: int
    effective_batch_size: Pinned[int]
    lr_schedule: Pinned[list[float]]

    @pproperty
    def effective_batch_size(self) -> int:
        return self.grad_accum_steps * self.num_devices

    @pproperty
    def lr_schedule(self) -> list[float]:
        """Half a cosine of `total_steps` rates, from `base_lr` to `base_lr * min_lr_ratio`."""
        if self.total_steps <= 0 or not 0 <= self.min_lr_ratio <= 1:
            raise ValueError("Bad lr_schedule.")
        min_lr = self.base_lr * self.min_lr_ratio
        denominator = max(1, self.total_steps - 1)
        return [
            min_lr + 0.5 * (self.base_lr - min_lr) * (1 + math.cos(math.pi * step / denominator))
            for step in range(self.total_steps)
        ]


pdefaults += TrainerConfig(
    steps=3,
    base_lr=3e-4,
    total_steps=6,
    min_lr_ratio=0.1,
    grad_accum_steps=4,
    num_devices=2,
    effective_batch_size=Pinned,
    lr_schedule=Pinned,
)

psmoke(TrainerConfig, steps=1)
