"""The common part of the sections `grpo`, `sft` and `dpo`."""

from __future__ import annotations

from typing import Annotated

from annotated_types import Ge

from pconfigs import PConfig, pconfig, pdefaults, pproperty, psmoke
from project.posttraining.constraints import Count


@pconfig
class AlgorithmConfig(PConfig):
    """How long an algorithm runs, what one step of it takes, and when it is measured.

    The reference lists validation and seed under `grpo` only; every algorithm has them here.
    """

    NAME = "run"
    METRICS = {"train:loss": False, "val:accuracy": True}  # what is measured: is higher better?

    max_num_steps: Count
    """Most training steps."""
    max_num_epochs: Count
    """Most passes over the data."""
    val_period: Count
    """Steps from one validation to the next; the last step is validated, too."""
    val_at_start: bool
    """Validate before training."""
    max_val_samples: Count
    """Most examples in a validation."""
    seed: Annotated[int, Ge(0)]
    """Seed of everything random."""
    batch_size: Count
    """Examples of the data that one step takes."""

    @pproperty
    def samples_per_step(self) -> int:
        """Sequences that one step trains on."""
        return self.batch_size


pdefaults += AlgorithmConfig(
    max_num_steps=1000,
    max_num_epochs=1,
    val_period=10,
    val_at_start=False,
    max_val_samples=256,
    seed=42,
    batch_size=32,
)

psmoke(AlgorithmConfig, max_num_steps=3)
