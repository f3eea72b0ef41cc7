"""Ask the policy that has learnt sums from rewards."""

from __future__ import annotations

from project.posttraining.evaluation import AnswersConfig, Policy
from project.posttraining.experiments.grpo import config as grpo

config = AnswersConfig(policy=Policy(of=grpo))
