"""The whole of three public files, as typed classes."""

from __future__ import annotations

import pytest

from pconfigs import Omitted, pdump, pexplain, pload, pload_file
from pconfigs.errors import LoadError
from project.posttraining.nemo_files.experiments import dpo, grpo, sft
from project.posttraining.nemo_files.nemo_file import NemoFile


def test_the_interpolations_of_the_file_are_properties():
    config = grpo.config
    policy = config.policy
    longest = policy.max_total_sequence_length
    assert policy.tokenizer.name == policy.model_name
    assert policy.logprob_batch_size == policy.train_micro_batch_size
    assert policy.dynamic_batching.train_mb_tokens == longest * policy.train_micro_batch_size
    assert policy.sequence_packing.logprob_mb_tokens == longest * policy.logprob_batch_size
    assert policy.generation.vllm_cfg.max_model_len == longest
    assert policy.megatron_cfg.optimizer.clip_grad == policy.max_grad_norm
    assert config.grpo.reward_shaping.max_response_length == longest
    assert config.data.train.seed == config.grpo.seed


@pytest.mark.parametrize(
    "config", [grpo.config, sft.config, dpo.config], ids=["grpo", "sft", "dpo"]
)
def test_experiments_are_saved_and_loaded(config):
    assert pload(pdump(config), NemoFile) == config


def test_each_algorithm_has_its_own_section():
    sections = ["grpo", "sft", "dpo"]
    for name, module in zip(sections, (grpo, sft, dpo), strict=True):
        there = [one for one in sections if getattr(module.config, one) is not Omitted]
        assert there == [name]
    assert sft.config.policy.generation is Omitted
    assert sft.config.data.train.seed is Omitted


def test_a_recipe_moves_what_follows(tmp_path):
    (tmp_path / "base.yaml").write_text("policy:\n  max_total_sequence_length: 4096\n")
    file = tmp_path / "recipe.yaml"
    file.write_text(
        "defaults: base.yaml\npolicy:\n  generation:\n    vllm_cfg:\n      precision: fp8\n"
    )
    config = pload_file(file, NemoFile, base=grpo.config)
    assert config.policy.generation.vllm_cfg.precision == "fp8"
    assert config.policy.generation.vllm_cfg.max_model_len == 4096
    assert config.data.max_input_seq_length == 4096
    assert config.policy.precision == "bfloat16"
    assert "recipe.yaml:5" in str(pexplain(config, "policy.generation.vllm_cfg.precision"))
    assert "base.yaml:2" in str(pexplain(config, "policy.max_total_sequence_length"))


def test_a_given_value_is_kept_over_what_follows():
    config = pload({"data": {"train": {"seed": 1}}}, NemoFile, base=grpo.config)
    assert (config.data.train.seed, config.grpo.seed) == (1, 42)
    later = pload({"grpo": {"seed": 2}}, NemoFile, base=config)
    assert (later.data.train.seed, later.grpo.seed) == (1, 2)


def test_keys_of_other_files_are_refused():
    with pytest.raises(LoadError, match=r"policy\.megatron_cfg\.moe_flavour"):
        pload({"policy": {"megatron_cfg": {"moe_flavour": 1}}}, NemoFile, base=grpo.config)
