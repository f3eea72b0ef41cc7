"""Section `sft`, and the run of it: supervised fine-tuning."""

from __future__ import annotations

import numpy as np

from pconfigs import pconfig, pconfiged, pdefaults, pproperty
from project.posttraining.algorithm import AlgorithmConfig
from project.posttraining.constraints import Count
from project.posttraining.run import Metrics, Run, RunConfig


@pconfig
class SFTConfig(AlgorithmConfig):
    """Settings of supervised fine-tuning."""

    batch_size: Count
    """Training batch size, in examples."""


@pconfiged(runnable=True)
class SFTRun(Run["SFTRunConfig"]):
    """Makes the right answers likelier."""

    config: SFTRunConfig

    def step(self) -> Metrics:
        """Train on one batch; the loss is the negative log-likelihood of an answer, in nats."""
        questions = self.data.batch(self.rng, self.config.sft.batch_size)
        answers = self.data.answers[questions]
        loss = -self.policy.log_probabilities(questions, answers).mean()
        for batch in self.global_batches():
            weights = np.ones(len(batch))
            self.ascend(self.policy.gradient(questions[batch], answers[batch], weights))
        return {"train:loss": float(loss)}


@pconfig(constructs=SFTRun)
class SFTRunConfig(RunConfig):
    """A run of supervised fine-tuning."""

    NAME = "sft"

    sft: SFTConfig
    """Settings of the algorithm."""

    @property
    def algorithm(self) -> SFTConfig:
        """The section `sft`."""
        return self.sft

    @pproperty
    def examples_per_step(self) -> int:
        """One batch."""
        return self.sft.batch_size

    @pproperty
    def samples_per_step(self) -> int:
        """Every right answer is trained on."""
        return self.sft.batch_size


pdefaults += SFTConfig(batch_size=32, max_num_steps=5000, max_num_epochs=3)
pdefaults += SFTRunConfig(sft=SFTConfig())
