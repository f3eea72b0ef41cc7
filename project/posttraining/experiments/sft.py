"""Learn sums from right answers."""

from __future__ import annotations

from project.posttraining.experiments.toy import config as toy
from project.posttraining.sft import SFTConfig, SFTRunConfig

config = SFTRunConfig(toy, sft=SFTConfig(max_num_steps=100))
