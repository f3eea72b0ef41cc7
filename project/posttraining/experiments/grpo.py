"""Learn sums from rewards alone; `smoke` is the same in a moment."""

from __future__ import annotations

from project.posttraining.experiments.shared import checkpointing, cluster, policy
from project.posttraining.grpo import GRPOConfig, GRPORunConfig

config = GRPORunConfig(
    policy=policy,
    grpo=GRPOConfig(max_num_steps=100),
    checkpointing=checkpointing,
    cluster=cluster,
)

smoke = GRPORunConfig(config, grpo=GRPOConfig(config.grpo, max_num_steps=3, val_period=3))
