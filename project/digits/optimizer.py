"""Optimizers: rules that turn gradients into steps, and the rate they share."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np
from annotated_types import Ge, Gt, Le, Lt

from pconfigs import pconfig, pconfiged, pdefaults
from pconfigs.pinnable import Pinned, pproperty


@pconfig
class OptimizerConfig:
    """How fast to go: up in a line to `peak_rate`, then down along half a cosine to a fraction."""

    peak_rate: Annotated[float, Gt(0)]
    warmup_fraction: Annotated[float, Ge(0), Lt(1)]
    final_ratio: Annotated[float, Ge(0), Le(1)]
    total_steps: Pinned[int]

    @pproperty
    def warmup_steps(self) -> int:
        return round(self.warmup_fraction * self.total_steps)

    def rate(self, step: int) -> float:
        """Learning rate of a step, counted from 0."""
        if step < self.warmup_steps:
            return self.peak_rate * (step + 1) / self.warmup_steps
        progress = (step - self.warmup_steps) / max(1, self.total_steps - self.warmup_steps - 1)
        height = 0.5 * (1 + math.cos(math.pi * progress))
        return self.peak_rate * (self.final_ratio + (1 - self.final_ratio) * height)


pdefaults += OptimizerConfig(
    peak_rate=0.1, warmup_fraction=0.1, final_ratio=0.01, total_steps=Pinned
)


@pconfiged
class Momentum:
    """Stochastic gradient descent that keeps a part of its last step."""

    config: MomentumConfig

    def __init__(self):
        self.velocities = None

    def step(self, parameters: list[np.ndarray], gradients: list[np.ndarray], rate: float) -> None:
        """Change `parameters` in place."""
        if self.velocities is None:
            self.velocities = [np.zeros_like(parameter) for parameter in parameters]
        for parameter, gradient, velocity in zip(
            parameters, gradients, self.velocities, strict=True
        ):
            velocity *= self.config.momentum
            velocity -= rate * gradient
            parameter += velocity


@pconfig(constructs=Momentum)
class MomentumConfig(OptimizerConfig):
    """Momentum; `momentum=0.0` is plain gradient descent."""

    momentum: Annotated[float, Ge(0), Lt(1)]


pdefaults += MomentumConfig(momentum=0.9)


@pconfiged
class Adam:
    """Kingma & Ba, Adam (2015), algorithm 1."""

    config: AdamConfig

    def __init__(self):
        self.steps = 0
        self.moments = None

    def step(self, parameters: list[np.ndarray], gradients: list[np.ndarray], rate: float) -> None:
        """Change `parameters` in place."""
        if self.moments is None:
            self.moments = [(np.zeros_like(item), np.zeros_like(item)) for item in parameters]
        self.steps += 1
        beta1, beta2 = self.config.betas
        for parameter, gradient, (mean, square) in zip(
            parameters, gradients, self.moments, strict=True
        ):
            mean += (1 - beta1) * (gradient - mean)
            square += (1 - beta2) * (gradient**2 - square)
            unbiased = mean / (1 - beta1**self.steps)
            scale = np.sqrt(square / (1 - beta2**self.steps)) + self.config.epsilon
            parameter -= rate * unbiased / scale


@pconfig(constructs=Adam)
class AdamConfig(OptimizerConfig):
    """Adam; its rate bounds the size of a step, so it is smaller than that of momentum."""

    betas: tuple[float, float]
    epsilon: float


pdefaults += AdamConfig(peak_rate=0.03, betas=(0.9, 0.999), epsilon=1e-8)
