"""Learn sums from right answers; `smoke` is the same in a moment."""

from __future__ import annotations

from project.posttraining.experiments.shared import checkpointing, cluster, policy
from project.posttraining.sft import SFTConfig, SFTRunConfig

config = SFTRunConfig(
    policy=policy,
    sft=SFTConfig(max_num_steps=100),
    checkpointing=checkpointing,
    cluster=cluster,
)

smoke = SFTRunConfig(config, sft=SFTConfig(config.sft, max_num_steps=3, val_period=3))
