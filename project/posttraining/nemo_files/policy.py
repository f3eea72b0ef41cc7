"""Section `policy`: the model, how it is trained and how it answers."""

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
from project.posttraining.nemo_files.dtensor import DtensorConfig
from project.posttraining.nemo_files.generation import GenerationConfig
from project.posttraining.nemo_files.megatron import MegatronConfig


@pconfig
class TokenizerConfig(PConfig):
    """The tokenizer of the model."""

    name: Omitted[str]
    chat_template_kwargs: dict[str, Any] | None
    use_fastokens: Omitted[bool]
    chat_template: Omitted[str]


pdefaults += TokenizerConfig(
    name=Omitted, chat_template_kwargs=None, use_fastokens=False, chat_template=Omitted
)


@pconfig
class DraftConfig(PConfig):
    """A draft model for speculative decoding, trained along."""

    enabled: bool
    model_name: str | None
    loss_weight: float
    num_layers: int | None
    aux_layer_indices: list[int] | None


pdefaults += DraftConfig(
    enabled=False,
    model_name=None,
    loss_weight=0.1,
    num_layers=None,
    aux_layer_indices=None,
)


@pconfig
class DynamicBatchingConfig(PConfig):
    """Batches of as many sequences as fit a number of tokens."""

    enabled: bool
    train_mb_tokens: Omitted[int]
    logprob_mb_tokens: Omitted[int]
    sequence_length_round: Omitted[int]


pdefaults += DynamicBatchingConfig(
    enabled=False,
    train_mb_tokens=Omitted,
    logprob_mb_tokens=Omitted,
    sequence_length_round=64,
)


@pconfig
class SequencePackingConfig(PConfig):
    """Several sequences in the place of one."""

    enabled: bool
    train_mb_tokens: Omitted[int]
    logprob_mb_tokens: Omitted[int]
    algorithm: Omitted[str]
    microbatch_order: Omitted[str]
    sequence_length_round: Omitted[int]


pdefaults += SequencePackingConfig(
    enabled=True,
    train_mb_tokens=Omitted,
    logprob_mb_tokens=Omitted,
    algorithm="modified_first_fit_decreasing",
    microbatch_order="packer",
    sequence_length_round=64,
)


@pconfig
class KwargsConfig(PConfig):
    """Keyword arguments of the optimizer."""

    lr: float
    weight_decay: float
    betas: list[float]
    eps: float
    foreach: Omitted[bool]
    fused: Omitted[bool]


pdefaults += KwargsConfig(
    lr=5e-06,
    weight_decay=0.01,
    betas=[0.9, 0.999],
    eps=1e-08,
    foreach=Omitted,
    fused=Omitted,
)


@pconfig
class PolicyOptimizerConfig(PConfig):
    """The optimizer of the DTensor backend."""

    name: str
    kwargs: KwargsConfig


pdefaults += PolicyOptimizerConfig(name="torch.optim.AdamW", kwargs=KwargsConfig())


@pconfig
class SchedulerKwargsConfig(PConfig):
    """Keyword arguments of a schedule."""

    start_factor: Omitted[float]
    end_factor: Omitted[float]
    total_iters: int
    factor: Omitted[float]


@pconfig
class PolicySchedulerConfig(PConfig):
    """One learning-rate schedule."""

    name: Omitted[str]
    kwargs: Omitted[SchedulerKwargsConfig]
    milestones: Omitted[list[int]]


@pconfig
class PolicyConfig(PConfig):
    """The model, its training and its answers."""

    model_name: str
    """Name of the model on the hub, or its path."""
    tokenizer: TokenizerConfig
    hf_config_overrides: Omitted[dict[str, Any]]
    train_global_batch_size: int
    """Sequences in one optimizer update, over all GPUs."""
    train_micro_batch_size: int
    """Sequences in one forward pass of one GPU."""
    generation_batch_size: Omitted[int]
    logprob_batch_size: Omitted[int]
    max_total_sequence_length: int
    """Longest prompt and answer together, in tokens."""
    precision: str
    """Number format of the weights."""
    logprob_chunk_size: Omitted[int | None]
    offload_optimizer_for_logprob: bool
    dtensor_cfg: DtensorConfig
    megatron_cfg: MegatronConfig
    draft: Omitted[DraftConfig]
    dynamic_batching: DynamicBatchingConfig
    sequence_packing: SequencePackingConfig
    make_sequence_length_divisible_by: Omitted[int]
    max_grad_norm: float
    """Longer gradients are shortened to this norm."""
    optimizer: PolicyOptimizerConfig | None
    scheduler: Omitted[list[PolicySchedulerConfig] | None]
    generation: Omitted[GenerationConfig]

    @pproperty(fixup=True)
    def tokenizer(self) -> TokenizerConfig:
        """Give `tokenizer` the values that follow from others, where none are given."""
        given = pinputs(self).tokenizer
        with psetter(given) as tokenizer:
            tokenizer.name = Pin(self.model_name)
        return tokenizer.config

    @pproperty(fixup=True)
    def logprob_batch_size(self) -> int:
        """Follow `train_micro_batch_size` unless given."""
        given = pinputs(self).logprob_batch_size
        return self.train_micro_batch_size if given is Omitted else given

    @pproperty(fixup=True)
    def megatron_cfg(self) -> MegatronConfig:
        """Give `megatron_cfg` the values that follow from others, where none are given."""
        given = pinputs(self).megatron_cfg
        with psetter(given) as megatron_cfg:
            megatron_cfg.pipeline_dtype = Pin(self.precision)
            megatron_cfg.optimizer.clip_grad = Pin(self.max_grad_norm)
        return megatron_cfg.config

    @pproperty(fixup=True)
    def dynamic_batching(self) -> DynamicBatchingConfig:
        """Give `dynamic_batching` the values that follow from others, where none are given."""
        given = pinputs(self).dynamic_batching
        with psetter(given) as dynamic_batching:
            dynamic_batching.train_mb_tokens = Pin(
                self.max_total_sequence_length * self.train_micro_batch_size
            )
            dynamic_batching.logprob_mb_tokens = Pin(
                self.max_total_sequence_length * self.logprob_batch_size
            )
        return dynamic_batching.config

    @pproperty(fixup=True)
    def sequence_packing(self) -> SequencePackingConfig:
        """Give `sequence_packing` the values that follow from others, where none are given."""
        given = pinputs(self).sequence_packing
        with psetter(given) as sequence_packing:
            sequence_packing.train_mb_tokens = Pin(
                self.max_total_sequence_length * self.train_micro_batch_size
            )
            sequence_packing.logprob_mb_tokens = Pin(
                self.max_total_sequence_length * self.logprob_batch_size
            )
        return sequence_packing.config

    @pproperty(fixup=True)
    def make_sequence_length_divisible_by(self) -> int:
        """Follow `dtensor_cfg.tensor_parallel_size` unless given."""
        given = pinputs(self).make_sequence_length_divisible_by
        return self.dtensor_cfg.tensor_parallel_size if given is Omitted else given

    @pproperty(fixup=True)
    def generation(self) -> GenerationConfig:
        """Give `generation` the values that follow from others, where none are given."""
        given = pinputs(self).generation
        if not isinstance(given, GenerationConfig):
            return given
        with psetter(given) as generation:
            generation.max_new_tokens = Pin(self.max_total_sequence_length)
            generation.mcore_generation_config.max_model_len = Pin(self.max_total_sequence_length)
            generation.vllm_cfg.precision = Pin(self.precision)
            generation.vllm_cfg.max_model_len = Pin(self.max_total_sequence_length)
        return generation.config


pdefaults += PolicyConfig(
    model_name="Qwen/Qwen2.5-1.5B",
    tokenizer=TokenizerConfig(),
    hf_config_overrides={},
    train_global_batch_size=512,
    train_micro_batch_size=4,
    generation_batch_size=32,
    logprob_batch_size=Omitted,
    max_total_sequence_length=512,
    precision="bfloat16",
    logprob_chunk_size=None,
    offload_optimizer_for_logprob=False,
    dtensor_cfg=DtensorConfig(),
    megatron_cfg=MegatronConfig(),
    draft=DraftConfig(),
    dynamic_batching=DynamicBatchingConfig(),
    sequence_packing=SequencePackingConfig(),
    make_sequence_length_divisible_by=Omitted,
    max_grad_norm=1.0,
    optimizer=PolicyOptimizerConfig(),
    scheduler=[
        PolicySchedulerConfig(
            name="torch.optim.lr_scheduler.LinearLR",
            kwargs=SchedulerKwargsConfig(
                start_factor=0.1, end_factor=1.0, total_iters=50, factor=Omitted
            ),
            milestones=Omitted,
        ),
        PolicySchedulerConfig(
            name="torch.optim.lr_scheduler.ConstantLR",
            kwargs=SchedulerKwargsConfig(
                start_factor=Omitted,
                end_factor=Omitted,
                total_iters=10000000000,
                factor=1.0,
            ),
            milestones=Omitted,
        ),
        PolicySchedulerConfig(name=Omitted, kwargs=Omitted, milestones=[50]),
    ],
    generation=GenerationConfig(),
)
