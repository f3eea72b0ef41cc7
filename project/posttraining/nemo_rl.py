"""The reference's three ways to a run: keywords of `train`, a dictionary, a YAML file.

All three make a config first, and equal settings make equal configs. The reference's own examples
work after `import project.posttraining.nemo_rl as nemo_rl`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pconfigs import pload, pload_file, pset
from project.posttraining.dpo import DPORunConfig
from project.posttraining.grpo import GRPORunConfig
from project.posttraining.run import Metrics, RunConfig
from project.posttraining.sft import SFTRunConfig

Algorithm = Literal["grpo", "sft", "dpo"]

RUNS: dict[Algorithm, type[RunConfig]] = {
    "grpo": GRPORunConfig,
    "sft": SFTRunConfig,
    "dpo": DPORunConfig,
}

PARAMETERS = {
    "model": "policy.model_name",
    "learning_rate": "policy.learning_rate",
    "max_sequence_length": "policy.max_total_sequence_length",
    "precision": "policy.precision",
    "dataset": "data.dataset",
    "reward_fn": "data.reward_fn",
    "batch_size": "{algorithm}.batch_size",
    "max_steps": "{algorithm}.max_num_steps",
    "max_epochs": "{algorithm}.max_num_epochs",
    "num_generations_per_prompt": "grpo.num_generations_per_prompt",
    "normalize_rewards": "grpo.normalize_rewards",
    "use_leave_one_out_baseline": "grpo.use_leave_one_out_baseline",
    "beta": "dpo.beta",
}
"""Each parameter of `train`, and the path of the field that it sets."""


def train(*, algorithm: Algorithm = "grpo", **parameters: Any) -> list[Metrics]:
    """Metrics of every step of a run that differs from the algorithm's default by `parameters`.

    Args:
        algorithm: Which run.
        **parameters: Any of `PARAMETERS`; `model` is required.
    """
    return list(run_config(algorithm=algorithm, **parameters).construct().train())


def run_config(*, algorithm: Algorithm = "grpo", **parameters: Any) -> RunConfig:
    """The config of what `train` runs when it is given the same."""
    paths = PARAMETERS | (
        {"batch_size": "grpo.num_prompts_per_step"} if algorithm == "grpo" else {}
    )
    if unknown := parameters.keys() - paths.keys():
        raise TypeError(f"train() has no {', '.join(sorted(unknown))}; it takes {', '.join(paths)}")
    settings = {paths[name].format(algorithm=algorithm): parameters[name] for name in parameters}
    return pset(RUNS[algorithm](), settings)


class Trainer:
    """A run made from plain data; `config` is what became of it."""

    config_class: type[RunConfig]
    """What is made of the data."""

    def __init__(self, config: Mapping[str, Any] | RunConfig) -> None:
        self.config = config if isinstance(config, RunConfig) else pload(config, self.config_class)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Trainer:
        """From a tree that OmegaConf has read."""
        return cls(config)

    @classmethod
    def from_file(cls, path: str | Path) -> Trainer:
        """From a YAML file."""
        return cls(pload_file(path, cls.config_class))

    def train(self) -> list[Metrics]:
        """Metrics of every step."""
        return list(self.config.construct().train())


class GRPOTrainer(Trainer):
    """Group-relative policy optimization."""

    config_class = GRPORunConfig


class SFTTrainer(Trainer):
    """Supervised fine-tuning."""

    config_class = SFTRunConfig


class DPOTrainer(Trainer):
    """Direct preference optimization."""

    config_class = DPORunConfig
