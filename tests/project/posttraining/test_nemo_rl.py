"""Keywords, a dictionary and a YAML file give equal configs."""

from __future__ import annotations

import pytest

from project.posttraining.data import all_right
from project.posttraining.nemo_rl import DPOTrainer, GRPOTrainer, SFTTrainer, run_config, train

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


@pytest.fixture
def yaml():
    return pytest.importorskip("yaml")


@pytest.mark.parametrize("algorithm", TRAINERS)
def test_three_ways_give_equal_configs(algorithm, tmp_path, yaml):
    """The same settings by keyword, in a dictionary and in a file."""
    trainer = TRAINERS[algorithm]
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump(DATA[algorithm]))
    by_keyword = run_config(algorithm=algorithm, **KEYWORDS[algorithm])
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


def test_the_blocks_of_the_reference_load_together():
    """All sections of the reference page, with either backend."""
    policy = {
        "model_name": "Qwen/Qwen2.5-1.5B",
        "train_global_batch_size": 512,
        "optimizer": {
            "name": "torch.optim.AdamW",
            "kwargs": {"lr": 1e-6, "weight_decay": 0.01, "betas": [0.9, 0.999]},
        },
        "scheduler": [
            {
                "name": "torch.optim.lr_scheduler.LinearLR",
                "kwargs": {"start_factor": 0.1, "total_iters": 50},
            }
        ],
        "generation": {"backend": "vllm", "top_k": None, "vllm_cfg": {"enforce_eager": False}},
        "sequence_packing": {"enabled": True, "sequence_length_round": 64},
    }
    for backend in ("dtensor_cfg", "megatron_cfg"):
        trainer = GRPOTrainer({"policy": policy | {backend: {"enabled": True}}})
        assert getattr(trainer.config.policy, backend).enabled


def test_an_empty_model_name_is_refused_by_its_path():
    """The reference's own example of a mistake."""
    with pytest.raises(ValueError, match=r"\Apolicy\.model_name"):
        GRPOTrainer({"policy": {"model_name": ""}})


@pytest.mark.parametrize(
    ("algorithm", "parameters"),
    [("grpo", {"modle": "m"}), ("grpo", {"model": "m", "beta": 0.1})],
    ids=["misspelt", "of another algorithm"],
)
def test_train_refuses_what_it_does_not_take(algorithm, parameters):
    """Nothing is ignored."""
    with pytest.raises(Exception, match="modle|dpo"):
        train(algorithm=algorithm, **parameters)
