"""The trainer example with a standard-library dataclass."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pprint import pprint

from benchmarks.trainer.schedule import cosine


@dataclass(frozen=True, kw_only=True)
class TrainerConfig:
    steps: int
    base_lr: float
    total_steps: int
    min_lr_ratio: float
    grad_accum_steps: int
    num_devices: int
    effective_batch_size: int = field(init=False)
    lr_schedule: list[float] = field(init=False)

    def __post_init__(self) -> None:
        rates = cosine(self.base_lr, self.total_steps, self.min_lr_ratio)
        object.__setattr__(self, "effective_batch_size", self.grad_accum_steps * self.num_devices)
        object.__setattr__(self, "lr_schedule", rates)


first = TrainerConfig(
    steps=3, base_lr=3e-4, total_steps=6, min_lr_ratio=0.1, grad_accum_steps=4, num_devices=2
)

if __name__ == "__main__":
    pprint(replace(first, base_lr=1e-3, steps=len(first.lr_schedule) - 1))
