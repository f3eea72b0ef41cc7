"""Section `sft`, and the run of it: supervised fine-tuning."""

from __future__ import annotations

import numpy as np

from pconfigs import PConfig, pconfig, pconfiged, pdefaults
from project.posttraining.algorithm import AlgorithmConfig
from project.posttraining.run import Metrics, Run, RunConfig


@pconfig
class SFTConfig(AlgorithmConfig):
    """Settings of supervised fine-tuning: an example is a question with its right answer."""

    NAME = "sft"


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


@pconfig
class SFTRunConfig(RunConfig, PConfig[SFTRun]):
    """A run of supervised fine-tuning."""

    sft: SFTConfig
    """Settings of the algorithm."""

    @property
    def algorithm(self) -> SFTConfig:
        """The section `sft`."""
        return self.sft


pdefaults += SFTConfig(max_num_steps=5000, max_num_epochs=3)
pdefaults += SFTRunConfig(sft=SFTConfig())
