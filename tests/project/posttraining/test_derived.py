"""What follows from what."""

from __future__ import annotations

import pytest

from project.posttraining.cluster import ClusterConfig
from project.posttraining.data import DataConfig
from project.posttraining.dpo import DPOConfig, DPORunConfig
from project.posttraining.generation import GenerationConfig
from project.posttraining.grpo import GRPOConfig, GRPORunConfig
from project.posttraining.logger import LoggerConfig
from project.posttraining.optimizer import AdamWArguments, OptimizerConfig
from project.posttraining.parallel import DTensorConfig, MegatronConfig
from project.posttraining.policy import PolicyConfig
from project.posttraining.scheduler import (
    CosineAnnealingLRArguments,
    CosineAnnealingLRConfig,
    LinearLRConfig,
)
from project.posttraining.sft import SFTConfig, SFTRunConfig

MODEL = PolicyConfig(model_name="m")


def test_batches_of_the_default_run():
    """The reference's numbers give one update a step, of 16 micro-batches for each of 8 GPUs."""
    config = GRPORunConfig(policy=MODEL)
    assert config.cluster.world_size == 8
    assert config.grpo.samples_per_step == 512
    assert config.policy.train_global_batch_size == 512
    assert config.updates_per_step == 1
    assert config.micro_batches_per_global_batch == 128
    assert config.data_parallel_size == 8
    assert config.micro_batches_per_device == 16
    assert config.policy.tokens_per_micro_batch == 2048


def test_a_global_batch_is_a_step_unless_it_is_limited():
    """More prompts make a larger update, or several of the size that was asked for."""
    grpo = GRPOConfig(num_prompts_per_step=64)
    assert GRPORunConfig(policy=MODEL, grpo=grpo).policy.train_global_batch_size == 1024
    limited = PolicyConfig(MODEL, train_global_batch_size=256)
    assert GRPORunConfig(policy=limited, grpo=grpo).updates_per_step == 4


@pytest.mark.parametrize(
    "config",
    [
        SFTRunConfig(policy=MODEL, sft=SFTConfig(batch_size=64)),
        DPORunConfig(policy=MODEL, dpo=DPOConfig(batch_size=64)),
    ],
    ids=["sft", "dpo"],
)
def test_the_batch_of_an_algorithm_is_that_of_its_policy(config):
    """`batch_size` is what the optimizer sees, too."""
    assert config.algorithm.batch_size == config.algorithm.samples_per_step == 64
    assert config.policy.train_global_batch_size == 64


@pytest.mark.parametrize(("epochs", "steps"), [(1, 1024), (2, 1500)], ids=["by epochs", "by steps"])
def test_a_run_ends_at_the_first_of_its_limits(epochs, steps):
    """One epoch is 1024 batches of 32."""
    sft = SFTConfig(max_num_steps=1500, max_num_epochs=epochs)
    assert SFTRunConfig(policy=MODEL, sft=sft).num_steps == steps


def test_models_spread_over_gpus_leave_fewer_copies():
    """A backend's parallel sizes multiply, and divide the cluster."""
    dtensor = DTensorConfig(tensor_parallel_size=2, context_parallel_size=2)
    config = GRPORunConfig(policy=PolicyConfig(MODEL, dtensor_cfg=dtensor))
    assert (config.policy.model_parallel_size, config.data_parallel_size) == (4, 2)
    config = GRPORunConfig(
        policy=PolicyConfig(MODEL, megatron_cfg=MegatronConfig()),
        cluster=ClusterConfig(num_nodes=2),
    )
    assert (config.policy.model_parallel_size, config.data_parallel_size) == (8, 2)


def test_disabled_backends_spread_nothing():
    """A backend that is described but off does not count, so one can be kept next to the other."""
    policy = PolicyConfig(
        MODEL, dtensor_cfg=DTensorConfig(), megatron_cfg=MegatronConfig(enabled=False)
    )
    assert policy.model_parallel_size == 1


def test_schedules_follow_one_another():
    """Boundaries are the running sum of the schedules' lengths."""
    cosine = CosineAnnealingLRConfig(kwargs=CosineAnnealingLRArguments(T_max=200))
    assert PolicyConfig(MODEL, scheduler=[LinearLRConfig(), cosine]).schedule_boundaries == [
        50,
        250,
    ]
    assert PolicyConfig(MODEL, scheduler=[]).schedule_boundaries == []


def test_the_optimizer_follows_the_learning_rate():
    """One rate, in both places where the reference has it; repeating it is allowed."""
    policy = PolicyConfig(MODEL, learning_rate=3e-4)
    assert policy.optimizer.kwargs.lr == 3e-4
    assert PolicyConfig(policy, learning_rate=1e-4).optimizer.kwargs.lr == 1e-4
    optimizer = OptimizerConfig(kwargs=AdamWArguments(lr=3e-4))
    assert PolicyConfig(policy, optimizer=optimizer) == policy


def test_answers_are_as_long_as_sequences_unless_they_are_limited():
    """A shorter sequence shortens the answers."""
    assert PolicyConfig(MODEL, max_total_sequence_length=256).generation.max_new_tokens == 256
    limited = PolicyConfig(MODEL, generation=GenerationConfig(max_new_tokens=64))
    assert limited.generation.max_new_tokens == 64


def test_checkpoints_lie_in_a_folder_of_their_algorithm():
    """Two algorithms never overwrite one another."""
    folders = [
        run(policy=MODEL).checkpointing.checkpoint_dir
        for run in (GRPORunConfig, SFTRunConfig, DPORunConfig)
    ]
    assert folders == ["results/grpo", "results/sft", "results/dpo"]


def test_sizes_of_the_data():
    """One digit is enough for sums up to 9."""
    config = DataConfig(operands=6)
    assert (config.num_questions, config.answer_length) == (36, 2)
    assert DataConfig(operands=5).answer_length == 1


def test_trackers_are_those_that_are_enabled():
    """In the order of the reference."""
    assert LoggerConfig().trackers == ["tensorboard"]
    assert LoggerConfig(
        wandb_enabled=True, mlflow_enabled=True, tensorboard_enabled=False
    ).trackers == ["wandb", "mlflow"]
