"""The common part of the three experiments: one small policy on one GPU's worth of CPU."""

from __future__ import annotations

from project.posttraining.checkpointing import CheckpointingConfig
from project.posttraining.cluster import ClusterConfig
from project.posttraining.policy import PolicyConfig
from project.posttraining.run import RunConfig
from project.posttraining.scheduler import LinearLRArguments, LinearLRConfig

config = RunConfig(
    policy=PolicyConfig(
        model_name="toy/softmax-table",
        learning_rate=0.1,
        scheduler=[LinearLRConfig(kwargs=LinearLRArguments(total_iters=10))],
    ),
    checkpointing=CheckpointingConfig(enabled=False),
    cluster=ClusterConfig(gpus_per_node=1),
)
