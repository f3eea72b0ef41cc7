"""Keywords, a dictionary and a YAML file give equal configs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from project.posttraining.data import all_right
from project.posttraining.grpo import GRPORunConfig
from project.posttraining.nemo_rl import CONFIGS, DPOTrainer, GRPOTrainer, SFTTrainer, train
from project.posttraining.parallel import DTensorConfig, MegatronConfig
from project.posttraining.policy import PolicyConfig

REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text())

KEYWORDS = {
    "grpo": {"model": "m", "learning_rate": 0.1, "batch_size": 16, "max_steps": 3},
    "sft": {"model": "m", "learning_rate": 0.1, "batch_size": 64, "max_epochs": 2},
    "dpo": {"model": "m", "max_sequence_length": 256, "beta": 0.3},
}
DATA = {
    "grpo": {
        "policy": {"model_name": "m", "learning_rate": 0.1},
        "grpo": {"num_prompts_per_step": 16, "max_num_steps": 3},
    },
    "sft": {
        "policy": {"model_name": "m", "learning_rate": 0.1},
        "sft": {"batch_size": 64, "max_num_epochs": 2},
    },
    "dpo": {
        "policy": {"model_name": "m", "max_total_sequence_length": 256},
        "dpo": {"beta": 0.3},
    },
}
TRAINERS = {"grpo": GRPOTrainer, "sft": SFTTrainer, "dpo": DPOTrainer}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Checkpoints of these runs go to a folder of their own."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def yaml():
    return pytest.importorskip("yaml")


@pytest.mark.parametrize("algorithm", TRAINERS)
def test_three_ways_give_equal_configs(algorithm, tmp_path, yaml):
    """The same settings by keyword, in a dictionary and in a file."""
    trainer = TRAINERS[algorithm]
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump(DATA[algorithm]))
    by_keyword = CONFIGS[algorithm](**KEYWORDS[algorithm])
    assert trainer(DATA[algorithm]).config == by_keyword
    assert trainer.from_file(path).config == by_keyword


def test_trees_of_omegaconf_are_taken(tmp_path, yaml):
    """As the reference writes it; interpolations are resolved."""
    omegaconf = pytest.importorskip("omegaconf")
    path = tmp_path / "config.yaml"
    path.write_text(
        "policy: {model_name: m, train_micro_batch_size: 2}\n"
        "grpo: {num_prompts_per_step: '${policy.train_micro_batch_size}'}\n"
        "cluster: {gpus_per_node: 1}\n"
    )
    config = GRPOTrainer.from_config(omegaconf.OmegaConf.load(path)).config
    assert config.grpo.num_prompts_per_step == 2


def test_train_trains():
    """Metrics of every step come back."""
    metrics = train(
        model="m", dataset="sums", reward_fn=all_right, learning_rate=0.1, max_steps=3, batch_size=8
    )
    assert [line["step"] for line in metrics] == [1, 2, 3]
    assert metrics == train(
        model="m", dataset="sums", reward_fn=all_right, learning_rate=0.1, max_steps=3, batch_size=8
    )


def test_trainers_train():
    """A trainer's metrics are those of `train`."""
    assert GRPOTrainer(DATA["grpo"]).train() == train(**KEYWORDS["grpo"])


def sections(*names):
    """These of the reference's sections, nested as on its page."""
    nested = {}
    for path, value in REFERENCE["sections"].items():
        if path.startswith(names):
            *parts, last = path.replace("[0]", ".0").split(".")
            place = nested
            for part in parts:
                place = place.setdefault(part, {})
            place[last] = value
    nested["policy"]["scheduler"] = list(nested["policy"]["scheduler"].values())
    return nested


@pytest.mark.parametrize("backend", [DTensorConfig, MegatronConfig])
def test_the_sections_of_the_reference_are_what_is_left_out(backend):
    """Spelling out every value of the reference gives the default run, with either backend."""
    name = {DTensorConfig: "dtensor_cfg", MegatronConfig: "megatron_cfg"}[backend]
    data = sections("policy", "grpo", "checkpointing", "logger", "cluster")
    for other in {"dtensor_cfg", "megatron_cfg"} - {name}:
        del data["policy"][other]
    policy = PolicyConfig(model_name=data["policy"]["model_name"], **{name: backend()})
    assert GRPOTrainer(data).config == GRPORunConfig(policy=policy)


def test_an_empty_model_name_is_refused_by_its_path():
    """The reference's own example of a mistake."""
    with pytest.raises(ValueError, match=r"\Apolicy\.model_name"):
        GRPOTrainer({"policy": {"model_name": ""}})


@pytest.mark.parametrize(
    ("algorithm", "name"),
    [("grpo", "modle"), ("grpo", "beta"), ("sft", "num_generations_per_prompt")],
    ids=["misspelt", "of DPO", "of GRPO"],
)
def test_train_refuses_what_it_does_not_take(algorithm, name):
    """Nothing is ignored."""
    with pytest.raises(TypeError, match=f"{algorithm}_config.* takes no {name!r}"):
        train(algorithm=algorithm, model="m", **{name: 1})


def test_a_trainer_without_a_model_is_refused():
    """Nothing is trained, and nothing is set up, before all is known."""
    with pytest.raises(ValueError, match=r"policy\.model_name"):
        GRPOTrainer({})
