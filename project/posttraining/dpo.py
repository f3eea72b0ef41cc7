"""Section `dpo`, and the run of it: direct preference optimization."""

from __future__ import annotations

from copy import deepcopy

import numpy as np

from pconfigs import PConfig, pconfig, pconfiged, pdefaults
from project.posttraining.algorithm import AlgorithmConfig
from project.posttraining.constraints import Positive
from project.posttraining.run import Metrics, Run, RunConfig
from project.posttraining.tabular import Floats, Ints


def preference_loss(margins: Floats, beta: float) -> tuple[Floats, Floats]:
    """Loss of each pair of answers, and the pull on its margin (minus the loss's derivative).

    Args:
        margins: How much more the policy prefers the chosen answer than the reference does:
            the difference of their log-probability ratios, in nats.
        beta: How strongly the policy is held to the reference, > 0.

    Source: Rafailov et al., Direct Preference Optimization (2023), eq. 7.
    """
    losses = np.logaddexp(0.0, -beta * margins)
    return losses, beta * -np.expm1(-losses)


@pconfig
class DPOConfig(AlgorithmConfig):
    """Settings of direct preference optimization: an example is a pair of answers."""

    NAME = "dpo"

    beta: Positive
    """KL penalty: how strongly the policy is held to where it began."""


@pconfiged(runnable=True)
class DPORun(Run["DPORunConfig"]):
    """Makes right answers likelier than wrong ones, measured from where the policy began."""

    config: DPORunConfig

    def __init__(self) -> None:
        super().__init__()
        self.reference = deepcopy(self.policy)

    def preference(self, questions: Ints, answers: Ints) -> Floats:
        """Return how much likelier than the reference the policy finds each answer, in nats."""
        return self.policy.log_probabilities(questions, answers) - self.reference.log_probabilities(
            questions, answers
        )

    def step(self) -> Metrics:
        """Train on one batch of pairs: a right answer, and one with a wrong digit."""
        questions = self.data.batch(self.rng, self.config.dpo.batch_size)
        chosen, rejected = self.data.answers[questions], self.data.mistakes(self.rng, questions)
        losses = []
        for batch in self.global_batches():
            asked, better, worse = questions[batch], chosen[batch], rejected[batch]
            margins = self.preference(asked, better) - self.preference(asked, worse)
            loss, pull = preference_loss(margins, self.config.dpo.beta)
            losses.append(loss)
            self.ascend(
                self.policy.gradient(asked, better, pull) - self.policy.gradient(asked, worse, pull)
            )
        return {"train:loss": float(np.mean(losses))}


@pconfig
class DPORunConfig(RunConfig, PConfig[DPORun]):
    """A run of direct preference optimization."""

    dpo: DPOConfig
    """Settings of the algorithm."""

    @property
    def algorithm(self) -> DPOConfig:
        """The section `dpo`."""
        return self.dpo


pdefaults += DPOConfig(beta=0.1)
pdefaults += DPORunConfig(dpo=DPOConfig())
