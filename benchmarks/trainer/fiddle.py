"""The trainer example with fiddle: a buildable, printed as it is and as it is built."""

from __future__ import annotations

from pprint import pprint

import fiddle as fdl
from fiddle import printing

from benchmarks.trainer.dataclass import TrainerConfig

first = fdl.Config(
    TrainerConfig,
    steps=3,
    base_lr=3e-4,
    total_steps=6,
    min_lr_ratio=0.1,
    grad_accum_steps=4,
    num_devices=2,
)

if __name__ == "__main__":
    second = fdl.copy_with(first, base_lr=1e-3, steps=len(fdl.build(first).lr_schedule) - 1)
    print(printing.as_str_flattened(second))
    pprint(fdl.build(second))
