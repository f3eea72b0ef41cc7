"""Evaluation: what a trained policy answers."""

from __future__ import annotations

import numpy as np

from pconfigs import PArtifact, PConfig, pconfig, pconfiged, pdefaults, prun, psmoke
from project.posttraining.constraints import Count
from project.posttraining.data import VOCABULARY
from project.posttraining.tabular import TabularPolicy


@pconfig
class Policy(PArtifact):
    """The logits of a policy in one `.npy` file."""

    step: int
    """Steps that it was trained for."""


@pconfiged(runnable=True)
class Answers:
    """Asks a policy, and prints how many of its answers are right, by the length of the sum."""

    config: AnswersConfig

    def __init__(self) -> None:
        training = self.config.policy.of
        self.data = training.data.construct()
        self.policy = TabularPolicy(
            training.data.num_questions, training.data.answer_length, VOCABULARY
        )
        self.policy.logits = np.load(self.config.policy.path)

    def main(self, *args: object, **kwargs: object) -> None:
        """Ask the first questions."""
        questions = np.arange(min(self.config.questions, len(self.data.answers)))
        right = (self.policy.answer(questions) == self.data.answers[questions]).all(axis=-1)
        accuracy = float(right.mean())
        prun.log(questions=len(questions), accuracy=accuracy)
        print(f"questions={len(questions)} accuracy={accuracy:.4g}")


@pconfig
class AnswersConfig(PConfig[Answers]):
    """Which policy, and how often it is asked."""

    policy: Policy
    """What a training has left; `of` names the training."""
    questions: Count
    """Questions that are asked, from the first on; all of them where there are fewer."""


pdefaults += AnswersConfig(policy=Policy(), questions=100)

psmoke += AnswersConfig(questions=10)
