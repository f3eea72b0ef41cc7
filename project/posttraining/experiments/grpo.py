"""Learn sums from rewards alone."""

from __future__ import annotations

from project.posttraining.experiments.toy import config as toy
from project.posttraining.grpo import GRPOConfig, GRPORunConfig

config = GRPORunConfig(toy, grpo=GRPOConfig(max_num_steps=100))
