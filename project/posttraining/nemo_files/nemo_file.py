"""Configuration files of NeMo RL as configs: GRPO, SFT and DPO.

The fields are those of the public files `grpo_math_1B.yaml`, `sft.yaml` and `dpo.yaml`, their
defaults those of the first. What the files compute by interpolation, properties do here.
"""

from __future__ import annotations

from typing import Any

from pconfigs import (
    Omitted,
    PConfig,
    Pin,
    pconfig,
    pdefaults,
    pinputs,
    pproperty,
    psetter,
)
from project.posttraining.nemo_files.algorithms import DpoConfig, SftConfig
from project.posttraining.nemo_files.data import DataConfig, EnvConfig
from project.posttraining.nemo_files.grpo import GrpoConfig, RewardPenaltiesConfig
from project.posttraining.nemo_files.logger import LoggerConfig
from project.posttraining.nemo_files.losses import LossFnConfig
from project.posttraining.nemo_files.machines import (
    CheckpointingConfig,
    ClusterConfig,
    DataPlaneConfig,
)
from project.posttraining.nemo_files.policy import PolicyConfig


def given(part: Any) -> Any:
    """Return a part of a base that files may leave out, and which that base has."""
    return part


@pconfig
class NemoFile(PConfig):
    """A configuration file, without the sections of other algorithms than its own."""

    grpo: Omitted[GrpoConfig]
    reward_penalties: Omitted[RewardPenaltiesConfig]
    loss_fn: Omitted[LossFnConfig]
    checkpointing: CheckpointingConfig
    policy: PolicyConfig
    data: DataConfig
    env: Omitted[EnvConfig]
    logger: LoggerConfig
    cluster: ClusterConfig
    data_plane: Omitted[DataPlaneConfig]
    on_policy_distillation: Omitted[dict[str, Any] | None]
    sft: Omitted[SftConfig]
    dpo: Omitted[DpoConfig]

    @pproperty(fixup=True)
    def grpo(self) -> GrpoConfig:
        """Give `grpo` the values that follow from others, where none are given."""
        given = pinputs(self).grpo
        if not isinstance(given, GrpoConfig):
            return given
        with psetter(given) as grpo:
            grpo.reward_shaping.max_response_length = Pin(self.policy.max_total_sequence_length)
        return grpo.config

    @pproperty(fixup=True)
    def data(self) -> DataConfig:
        """Give `data` the values that follow from others, where none are given."""
        given = pinputs(self).data
        with psetter(given) as data:
            data.max_input_seq_length = Pin(self.policy.max_total_sequence_length)
            grpo = self.grpo
            data.train.seed = Pin(grpo.seed if isinstance(grpo, GrpoConfig) else Omitted)
        return data.config


pdefaults += NemoFile(
    grpo=GrpoConfig(),
    reward_penalties=RewardPenaltiesConfig(),
    loss_fn=LossFnConfig(),
    checkpointing=CheckpointingConfig(),
    policy=PolicyConfig(),
    data=DataConfig(),
    env=EnvConfig(),
    logger=LoggerConfig(),
    cluster=ClusterConfig(),
    data_plane=DataPlaneConfig(),
    on_policy_distillation=None,
    sft=Omitted,
    dpo=Omitted,
)
