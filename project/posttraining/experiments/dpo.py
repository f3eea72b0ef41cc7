"""Learn sums from pairs of a right and a wrong answer; `smoke` is the same in a moment."""

from __future__ import annotations

from project.posttraining.dpo import DPOConfig, DPORunConfig
from project.posttraining.experiments.shared import checkpointing, cluster, policy

config = DPORunConfig(
    policy=policy,
    dpo=DPOConfig(max_num_steps=200),
    checkpointing=checkpointing,
    cluster=cluster,
)

smoke = DPORunConfig(config, dpo=DPOConfig(config.dpo, max_num_steps=3, val_period=3))
