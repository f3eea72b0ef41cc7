"""The trainer example with chz."""

from __future__ import annotations

import chz

from benchmarks.trainer.schedule import cosine


@chz.chz
class TrainerConfig:
    steps: int
    base_lr: float
    total_steps: int
    min_lr_ratio: float
    grad_accum_steps: int
    num_devices: int

    @chz.init_property
    def effective_batch_size(self) -> int:
        return self.grad_accum_steps * self.num_devices

    @chz.init_property
    def lr_schedule(self) -> list[float]:
        return cosine(self.base_lr, self.total_steps, self.min_lr_ratio)


first = TrainerConfig(
    steps=3, base_lr=3e-4, total_steps=6, min_lr_ratio=0.1, grad_accum_steps=4, num_devices=2
)

if __name__ == "__main__":
    second = chz.replace(first, base_lr=1e-3, steps=len(first.lr_schedule) - 1)
    print(chz.data_model.pretty_format(second, colored=False))
    print(second.effective_batch_size, second.lr_schedule)
