"""Section `policy.scheduler`: learning-rate schedules that follow one another."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import cos, pi
from typing import Literal

from pconfigs import PConfig, pconfig, pdefaults
from project.posttraining.constraints import Count, NotNegative, Share


@pconfig
class LinearLRArguments(PConfig):
    """Keyword arguments of `torch.optim.lr_scheduler.LinearLR`."""

    start_factor: Share
    """Rate of the first step, as a part of the full one."""
    total_iters: Count
    """Steps until the full rate."""


@pconfig
class LinearLRConfig(PConfig):
    """From a part of the learning rate up to all of it."""

    name: Literal["torch.optim.lr_scheduler.LinearLR"]
    """Class of the schedule."""
    kwargs: LinearLRArguments
    """Its keyword arguments."""

    @property
    def steps(self) -> int:
        """Steps until the rate stays as it is."""
        return self.kwargs.total_iters

    def rate(self, full: float, step: int) -> float:
        """Learning rate at `step` of this schedule, where `full` is the whole one."""
        start = self.kwargs.start_factor
        return full * (start + (1 - start) * min(1.0, step / self.steps))


@pconfig
class CosineAnnealingLRArguments(PConfig):
    """Keyword arguments of `torch.optim.lr_scheduler.CosineAnnealingLR`."""

    T_max: Count
    """Steps until the lowest rate."""
    eta_min: NotNegative
    """Lowest rate."""


@pconfig
class CosineAnnealingLRConfig(PConfig):
    """From the learning rate down to a lowest one, along half a cosine."""

    name: Literal["torch.optim.lr_scheduler.CosineAnnealingLR"]
    """Class of the schedule."""
    kwargs: CosineAnnealingLRArguments
    """Its keyword arguments."""

    @property
    def steps(self) -> int:
        """Steps until the rate stays as it is."""
        return self.kwargs.T_max

    def rate(self, full: float, step: int) -> float:
        """Learning rate at `step` of this schedule, where `full` is the whole one."""
        lowest = self.kwargs.eta_min
        return lowest + (full - lowest) * (1 + cos(pi * min(1.0, step / self.steps))) / 2


SchedulerConfig = LinearLRConfig | CosineAnnealingLRConfig


def learning_rate(
    full: float, schedulers: Sequence[SchedulerConfig], boundaries: Sequence[int], step: int
) -> float:
    """Learning rate at `step` of a run; each schedule begins where the one before it ended.

    Args:
        full: Rate without any schedule.
        schedulers: The schedules in order; the last one's final rate stays.
        boundaries: First step after each of them.
        step: Optimizer step, from 0.
    """
    if not schedulers:
        return full
    index = min(bisect_right(boundaries, step), len(schedulers) - 1)
    begin = boundaries[index - 1] if index else 0
    return schedulers[index].rate(full, step - begin)


pdefaults += LinearLRArguments(start_factor=0.1, total_iters=50)
pdefaults += LinearLRConfig(name="torch.optim.lr_scheduler.LinearLR", kwargs=LinearLRArguments())
pdefaults += CosineAnnealingLRArguments(T_max=1000, eta_min=0.0)
pdefaults += CosineAnnealingLRConfig(
    name="torch.optim.lr_scheduler.CosineAnnealingLR", kwargs=CosineAnnealingLRArguments()
)
