"""What the sections `grpo`, `sft` and `dpo` have in common."""

from __future__ import annotations

from pconfigs import PConfig, pconfig, pdefaults
from project.posttraining.constraints import Count


@pconfig
class AlgorithmConfig(PConfig):
    """How long an algorithm runs, and when it is measured.

    The reference lists validation and seed under `grpo` only; every algorithm has them here.
    """

    max_num_steps: Count
    """Most training steps."""
    max_num_epochs: Count
    """Most passes over the data."""
    val_period: Count
    """Steps from one validation to the next."""
    val_at_start: bool
    """Validate before training."""
    max_val_samples: Count
    """Most examples in a validation."""
    seed: int
    """Seed of everything random."""


pdefaults += AlgorithmConfig(
    max_num_steps=1000,
    max_num_epochs=1,
    val_period=10,
    val_at_start=False,
    max_val_samples=256,
    seed=42,
)
