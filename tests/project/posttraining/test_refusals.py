"""What is refused before a cluster is allocated."""

from __future__ import annotations

import pytest

from project.posttraining.checkpointing import CheckpointingConfig
from project.posttraining.cluster import ClusterConfig
from project.posttraining.data import DataConfig
from project.posttraining.generation import GenerationConfig, VllmConfig
from project.posttraining.grpo import GRPOConfig, GRPORunConfig
from project.posttraining.logger import WandbConfig
from project.posttraining.optimizer import AdamWArguments, OptimizerConfig
from project.posttraining.parallel import DTensorConfig, MegatronConfig
from project.posttraining.policy import PolicyConfig
from project.posttraining.scheduler import LinearLRArguments
from project.posttraining.sft import SFTConfig, SFTRunConfig

MODEL = PolicyConfig(model_name="m")


def policy(**settings):
    """A policy that differs from the default by `settings`."""
    return PolicyConfig(MODEL, **settings)


REFUSED = {
    "an empty model name": (lambda: PolicyConfig(model_name=""), "model_name"),
    "a step that global batches do not divide": (
        lambda: GRPORunConfig(policy=policy(train_global_batch_size=500)),
        "samples_per_step 512 is not a multiple of train_global_batch_size 500",
    ),
    "a supervised batch that global batches do not divide": (
        lambda: SFTRunConfig(policy=policy(train_global_batch_size=512)),
        "samples_per_step 32 is not a multiple of train_global_batch_size 512",
    ),
    "a global batch that micro-batches do not divide": (
        lambda: GRPORunConfig(policy=policy(train_micro_batch_size=5)),
        "train_global_batch_size 512 is not a multiple of train_micro_batch_size 5",
    ),
    "micro-batches that copies of the model do not divide": (
        lambda: SFTRunConfig(policy=MODEL, sft=SFTConfig(batch_size=16)),
        "micro_batches_per_global_batch 4 is not a multiple of data_parallel_size 8",
    ),
    "a cluster that models do not divide": (
        lambda: GRPORunConfig(policy=policy(dtensor_cfg=DTensorConfig(tensor_parallel_size=3))),
        "world_size 8 is not a multiple of model_parallel_size 3",
    ),
    "two backends at once": (
        lambda: policy(dtensor_cfg=DTensorConfig(), megatron_cfg=MegatronConfig()),
        "both enabled",
    ),
    "sequence parallelism without tensor parallelism": (
        lambda: DTensorConfig(sequence_parallel=True),
        "sequence_parallel needs tensor_parallel_size > 1",
    ),
    "sequences that are split in two ways": (
        lambda: DTensorConfig(
            sequence_parallel=True, tensor_parallel_size=2, context_parallel_size=2
        ),
        "sequence_parallel cannot be used with context_parallel_size 2",
    ),
    "sequences that context parallelism does not divide": (
        lambda: policy(dtensor_cfg=DTensorConfig(context_parallel_size=3)),
        "max_total_sequence_length 512 is not a multiple of context_parallel_size 3",
    ),
    "sequences that packing rounds beyond their limit": (
        lambda: policy(max_total_sequence_length=1000),
        "max_total_sequence_length 1000 is not a multiple of sequence_length_round 64",
    ),
    "answers longer than sequences": (
        lambda: policy(generation=GenerationConfig(max_new_tokens=513)),
        "generation.max_new_tokens 513 exceeds max_total_sequence_length 512",
    ),
    "generating with Megatron what it does not train": (
        lambda: policy(generation=GenerationConfig(backend="megatron")),
        "needs an enabled megatron_cfg",
    ),
    "a second learning rate": (
        lambda: policy(optimizer=OptimizerConfig(kwargs=AdamWArguments(lr=3e-4))),
        "optimizer.kwargs.lr is 0.0003, but learning_rate is 1e-06",
    ),
    "an engine larger than a node": (
        lambda: GRPORunConfig(
            policy=policy(
                generation=GenerationConfig(vllm_cfg=VllmConfig(tensor_parallel_size=16))
            ),
            cluster=ClusterConfig(num_nodes=2),
        ),
        "gpus_per_node 8 is not a multiple of tensor_parallel_size 16",
    ),
    "the best checkpoints by no metric": (
        lambda: CheckpointingConfig(metric_name=None),
        "keep_top_k 3 needs a metric_name",
    ),
    "the highest losses": (
        lambda: SFTRunConfig(
            policy=MODEL, checkpointing=CheckpointingConfig(metric_name="train:loss")
        ),
        "checkpointing.higher_is_better is True: of train:loss that would keep the worst",
    ),
    "the lowest rewards": (
        lambda: GRPORunConfig(
            policy=MODEL,
            checkpointing=CheckpointingConfig(metric_name="train:reward", higher_is_better=False),
        ),
        "checkpointing.higher_is_better is False: of train:reward that would keep the worst",
    ),
    "a metric that is not measured": (
        lambda: GRPORunConfig(
            policy=MODEL, checkpointing=CheckpointingConfig(metric_name="val:acuracy")
        ),
        "'val:acuracy' is not measured: choose one of train:reward, val:accuracy",
    ),
    "checkpoints between validations": (
        lambda: GRPORunConfig(policy=MODEL, checkpointing=CheckpointingConfig(save_period=15)),
        "save_period 15 is not a multiple of val_period 10",
    ),
    "groups of one answer": (
        lambda: GRPOConfig(num_generations_per_prompt=1),
        "num_generations_per_prompt is 1",
    ),
    "answers that cannot differ": (
        lambda: GRPORunConfig(policy=policy(generation=GenerationConfig(temperature=0.0))),
        "GRPO compares answers that differ",
    ),
    "a step larger than the data": (
        lambda: GRPORunConfig(policy=MODEL, data=DataConfig(num_examples=20)),
        "a step takes 32 examples, but data.num_examples is 20",
    ),
    "answers that cannot be generated": (
        lambda: GRPORunConfig(policy=policy(generation=GenerationConfig(max_new_tokens=1))),
        "data.answer_length 2 exceeds policy.generation.max_new_tokens 1",
    ),
}


@pytest.mark.parametrize(("make", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_refused_with_the_reason(make, words):
    """A configuration that cannot work is a ValueError with the reason."""
    with pytest.raises(ValueError) as refusal:
        make()
    assert words in str(refusal.value)


OUT_OF_RANGE = {
    "no GPU": lambda: ClusterConfig(gpus_per_node=0),
    "a negative rate": lambda: policy(learning_rate=-1e-6),
    "no gradient": lambda: policy(max_grad_norm=0.0),
    "an unknown precision": lambda: policy(precision="int3"),
    "more memory than there is": lambda: VllmConfig(gpu_memory_utilization=1.2),
    "no probability": lambda: GenerationConfig(top_p=0.0),
    "an unknown engine": lambda: GenerationConfig(backend="vlm"),
    "three betas": lambda: AdamWArguments(betas=[0.9, 0.99, 0.999]),
    "a beta of 1": lambda: AdamWArguments(betas=[0.9, 1.0]),
    "another optimizer": lambda: OptimizerConfig(name="torch.optim.SGD"),
    "a warm-up that lasts no time": lambda: LinearLRArguments(total_iters=0),
    "a project without a name": lambda: WandbConfig(project=""),
    "a seed that is no number": lambda: GRPOConfig(seed="42"),
    "a seed below 0": lambda: GRPOConfig(seed=-1),
    "a batch beside the prompts": lambda: GRPOConfig(batch_size=32),
    "a metric without a name": lambda: CheckpointingConfig(metric_name=""),
}


@pytest.mark.parametrize("make", OUT_OF_RANGE.values(), ids=OUT_OF_RANGE.keys())
def test_values_out_of_range_are_refused(make):
    """Types and constraints hold."""
    with pytest.raises((TypeError, ValueError)):
        make()
