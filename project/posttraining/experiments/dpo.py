"""Learn sums from pairs of a right and a wrong answer."""

from __future__ import annotations

from project.posttraining.dpo import DPOConfig, DPORunConfig
from project.posttraining.experiments.toy import config as toy

config = DPORunConfig(toy, dpo=DPOConfig(max_num_steps=200))
