"""Every default is the reference's; `reference.json` holds the reference page's values by path."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pconfigs import Required, pdefaults, pget
from project.posttraining.dpo import DPORunConfig
from project.posttraining.environment import RunEnvironment
from project.posttraining.grpo import GRPORunConfig
from project.posttraining.nemo_rl import CONFIGS
from project.posttraining.parallel import DTensorConfig, MegatronConfig
from project.posttraining.policy import PolicyConfig
from project.posttraining.sft import SFTRunConfig

REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text())
MODEL = REFERENCE["sections"]["policy.model_name"]

GRPO = GRPORunConfig(policy=PolicyConfig(model_name=MODEL, dtensor_cfg=DTensorConfig()))
WITH = {
    "policy.megatron_cfg": GRPORunConfig(
        policy=PolicyConfig(model_name=MODEL, megatron_cfg=MegatronConfig())
    ),
    "sft": SFTRunConfig(policy=PolicyConfig(model_name=MODEL)),
    "dpo": DPORunConfig(policy=PolicyConfig(model_name=MODEL)),
}
"""Configs that have the sections which the first has not."""

OTHER_ALGORITHMS = {
    "grpo": {"beta"},
    "dpo": {"num_generations_per_prompt", "normalize_rewards", "use_leave_one_out_baseline"},
}
"""Parameters of `train` that belong to other algorithms."""


@pytest.mark.parametrize(("path", "value"), REFERENCE["sections"].items(), ids=str)
def test_defaults_are_those_of_the_reference(path, value):
    """A run of which only the model is given holds every value that the reference shows."""
    config = next((config for start, config in WITH.items() if path.startswith(start)), GRPO)
    ours = pget(config, path)
    if value == {}:  # a section without settings
        ours = ours.asdict()
    assert ours == value
    assert isinstance(ours, type(value))


def test_the_model_has_no_default():
    """Only the model must be given."""
    assert pdefaults(PolicyConfig).model_name is Required
    assert REFERENCE["train"]["model"] is None


@pytest.mark.parametrize("algorithm", ["grpo", "dpo"])
def test_defaults_of_train_are_those_of_the_reference(algorithm):
    """Giving `train` every default that its table has changes nothing."""
    parameters = {
        name: value
        for name, value in REFERENCE["train"].items()
        if name not in OTHER_ALGORITHMS[algorithm]
    }
    parameters["model"] = MODEL
    assert CONFIGS[algorithm](**parameters) == CONFIGS[algorithm](model=MODEL)


def test_unset_variables_have_the_values_of_the_reference(monkeypatch):
    """The variables have the reference's names, and are off unless something sets them."""
    for variable in REFERENCE["environment"]:
        monkeypatch.delenv(variable, raising=False)
        assert getattr(RunEnvironment, variable.lower()) is False
        monkeypatch.setenv(variable, "1")
        assert getattr(RunEnvironment, variable.lower()) is True
