"""Optimizers: rules that turn gradients into steps, and the rate they share."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np
from annotated_types import Ge, Gt, Le, Lt

from pconfigs import PConfig, Pinned, pconfig, pconfiged, pdefaults, pproperty
from project.digits.model import Floats

Decay = Annotated[float, Ge(0), Lt(1)]


@pconfig
class OptimizerConfig(PConfig):
    """How fast to go: up in a line to `peak_rate`, then down along half a cosine to a fraction."""

    peak_rate: Annotated[float, Gt(0)]
    """Highest learning rate."""
    warmup_fraction: Annotated[float, Ge(0), Lt(1)]
    """Part of all steps on the way up."""
    final_ratio: Annotated[float, Ge(0), Le(1)]
    """Last learning rate, as a part of the highest."""
    total_steps: Pinned[int]
    """Steps of the whole training."""

    @pproperty
    def warmup_steps(self) -> int:
        """Steps on the way up."""
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

    def __init__(self) -> None:
        self.velocities: list[Floats] | None = None

    def step(self, parameters: list[Floats], gradients: list[Floats], rate: float) -> None:
        """Change `parameters` in place."""
        if self.velocities is None:
            self.velocities = [np.zeros_like(parameter) for parameter in parameters]
        for parameter, gradient, velocity in zip(
            parameters, gradients, self.velocities, strict=True
        ):
            velocity *= self.config.momentum
            velocity -= rate * gradient
            parameter += velocity


@pconfig
class MomentumConfig(OptimizerConfig, PConfig[Momentum]):
    """Momentum; `momentum=0.0` is plain gradient descent."""

    momentum: Decay
    """Part of the last step that is kept."""


pdefaults += MomentumConfig(momentum=0.9)


@pconfiged
class Adam:
    """Kingma & Ba, Adam (2015), algorithm 1."""

    config: AdamConfig

    def __init__(self) -> None:
        self.steps = 0
        self.moments: list[tuple[Floats, Floats]] | None = None

    def step(self, parameters: list[Floats], gradients: list[Floats], rate: float) -> None:
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


@pconfig
class AdamConfig(OptimizerConfig, PConfig[Adam]):
    """Adam; its rate bounds the size of a step, so it is smaller than that of momentum."""

    betas: tuple[Decay, Decay]
    """Decay of the running means of the gradient and of its square."""
    epsilon: Annotated[float, Gt(0)]
    """Added to the scale, so that no step is divided by zero."""


pdefaults += AdamConfig(peak_rate=0.03, betas=(0.9, 0.999), epsilon=1e-8)
