"""The trainer example with attrs."""

from __future__ import annotations

from pprint import pprint

from attrs import evolve, field, frozen

from benchmarks.trainer.schedule import cosine


@frozen(kw_only=True)
class TrainerConfig:
    steps: int
    base_lr: float
    total_steps: int
    min_lr_ratio: float
    grad_accum_steps: int
    num_devices: int
    effective_batch_size: int = field(init=False)
    lr_schedule: list[float] = field(init=False)

    @effective_batch_size.default
    def _(self) -> int:
        return self.grad_accum_steps * self.num_devices

    @lr_schedule.default
    def _(self) -> list[float]:
        return cosine(self.base_lr, self.total_steps, self.min_lr_ratio)


first = TrainerConfig(
    steps=3, base_lr=3e-4, total_steps=6, min_lr_ratio=0.1, grad_accum_steps=4, num_devices=2
)

if __name__ == "__main__":
    pprint(evolve(first, base_lr=1e-3, steps=len(first.lr_schedule) - 1))
