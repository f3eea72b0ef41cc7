"""Section `policy.optimizer`: AdamW, its settings and the thing itself."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from annotated_types import Ge, Len, Lt

from pconfigs import PConfig, pconfig, pconfiged, pdefaults
from project.posttraining.constraints import NotNegative, Positive
from project.posttraining.tabular import Floats

Decay = Annotated[float, Ge(0), Lt(1)]


@pconfiged
class AdamW:
    """Adam with decoupled weight decay.

    Source: Loshchilov & Hutter, Decoupled Weight Decay Regularization (2019), algorithm 2.
    """

    config: OptimizerConfig

    def __init__(self) -> None:
        self.steps = 0
        self.mean: Floats | float = 0.0
        self.square: Floats | float = 0.0

    def step(self, weights: Floats, gradient: Floats, rate: float) -> None:
        """Move `weights`, in place, against `gradient`, of the same shape."""
        arguments = self.config.kwargs
        fast, slow = arguments.betas
        self.steps += 1
        self.mean = fast * self.mean + (1 - fast) * gradient
        self.square = slow * self.square + (1 - slow) * gradient**2
        mean = self.mean / (1 - fast**self.steps)
        square = self.square / (1 - slow**self.steps)
        weights -= rate * (mean / (np.sqrt(square) + 1e-8) + arguments.weight_decay * weights)


@pconfig
class AdamWArguments(PConfig):
    """Keyword arguments of `torch.optim.AdamW`."""

    lr: Positive | None
    """Learning rate; None for that of the policy, which it has to agree with."""
    weight_decay: NotNegative
    """Part of each weight that is taken off at a rate of 1."""
    betas: Annotated[list[Decay], Len(2, 2)]
    """Decay of the running means of the gradient and of its square."""


@pconfig
class OptimizerConfig(PConfig[AdamW]):
    """The optimizer by name, and its arguments."""

    name: Literal["torch.optim.AdamW"]
    """Class of the optimizer."""
    kwargs: AdamWArguments
    """Its keyword arguments."""


pdefaults += AdamWArguments(lr=None, weight_decay=0.01, betas=[0.9, 0.999])
pdefaults += OptimizerConfig(name="torch.optim.AdamW", kwargs=AdamWArguments())
