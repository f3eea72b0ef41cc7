"""The reference's three ways to a run: keywords of `train`, a dictionary, a YAML file.

All three make a config first, and equal settings make equal configs. The reference's own examples
work after `from project.posttraining import nemo_rl`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pconfigs import pface, pload, pload_file
from project.posttraining.dpo import DPORunConfig
from project.posttraining.grpo import GRPORunConfig
from project.posttraining.run import Metrics, Run, RunConfig
from project.posttraining.sft import SFTRunConfig

EVERY_RUN = {
    "model": "policy.model_name",
    "learning_rate": "policy.learning_rate",
    "max_sequence_length": "policy.max_total_sequence_length",
    "precision": "policy.precision",
    "dataset": "data.dataset",
    "reward_fn": "data.reward_fn",
}
"""Parameters that all algorithms have, and the path of the field that each sets."""


@pface(
    GRPORunConfig,
    **EVERY_RUN,
    batch_size="grpo.num_prompts_per_step",
    max_steps="grpo.max_num_steps",
    max_epochs="grpo.max_num_epochs",
    num_generations_per_prompt="grpo.num_generations_per_prompt",
    normalize_rewards="grpo.normalize_rewards",
    use_leave_one_out_baseline="grpo.use_leave_one_out_baseline",
)
def grpo_config(config: GRPORunConfig) -> GRPORunConfig:
    """Return a run of group-relative policy optimization, by the reference's parameters."""
    return config


@pface(
    SFTRunConfig,
    **EVERY_RUN,
    batch_size="sft.batch_size",
    max_steps="sft.max_num_steps",
    max_epochs="sft.max_num_epochs",
)
def sft_config(config: SFTRunConfig) -> SFTRunConfig:
    """Return a run of supervised fine-tuning, by the reference's parameters."""
    return config


@pface(
    DPORunConfig,
    **EVERY_RUN,
    batch_size="dpo.batch_size",
    max_steps="dpo.max_num_steps",
    max_epochs="dpo.max_num_epochs",
    beta="dpo.beta",
)
def dpo_config(config: DPORunConfig) -> DPORunConfig:
    """Return a run of direct preference optimization, by the reference's parameters."""
    return config


CONFIGS: dict[str, Callable[..., RunConfig]] = {
    "grpo": grpo_config,
    "sft": sft_config,
    "dpo": dpo_config,
}


def train(*, algorithm: Literal["grpo", "sft", "dpo"] = "grpo", **parameters: Any) -> list[Metrics]:
    """Metrics of every step of a run.

    Args:
        algorithm: Which run.
        **parameters: What differs from the reference's defaults, as `grpo_config`, `sft_config` or
            `dpo_config` takes it; `model` is required.
    """
    return Trainer(CONFIGS[algorithm](**parameters)).train()


class Trainer:
    """A run that is made from plain data; `config` is what became of the data."""

    config_class: type[RunConfig] = RunConfig
    """What is made of the data."""

    def __init__(self, config: Mapping[str, Any] | RunConfig) -> None:
        self.config = config if isinstance(config, RunConfig) else pload(config, self.config_class)
        self.run: Run[Any] = self.config.construct()

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """From a tree that OmegaConf has read."""
        return cls(config)

    @classmethod
    def from_file(cls, path: str | Path) -> Self:
        """From a YAML file."""
        return cls(pload_file(path, cls.config_class))

    def train(self) -> list[Metrics]:
        """Metrics of every step."""
        return list(self.run.train())


class GRPOTrainer(Trainer):
    """Group-relative policy optimization."""

    config_class = GRPORunConfig


class SFTTrainer(Trainer):
    """Supervised fine-tuning."""

    config_class = SFTRunConfig


class DPOTrainer(Trainer):
    """Direct preference optimization."""

    config_class = DPORunConfig
