"""Section `policy.megatron_cfg`: one model over several GPUs, by Megatron."""

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


@pconfig
class CheckpointConfig(PConfig):
    """How checkpoints of Megatron are written."""

    async_save: bool
    ckpt_assume_constant_structure: bool


pdefaults += CheckpointConfig(async_save=True, ckpt_assume_constant_structure=True)


@pconfig
class PeftConfig(PConfig):
    """Low-rank adapters under Megatron."""

    enabled: bool
    target_modules: list[str]
    exclude_modules: list[str]
    dim: int
    alpha: int
    dropout: float
    dropout_position: str
    lora_A_init_method: str
    lora_B_init_method: str
    a2a_experimental: bool
    lora_dtype: str | None


pdefaults += PeftConfig(
    enabled=False,
    target_modules=[],
    exclude_modules=[],
    dim=8,
    alpha=32,
    dropout=0.0,
    dropout_position="post",
    lora_A_init_method="xavier",
    lora_B_init_method="zero",
    a2a_experimental=False,
    lora_dtype="None",
)


@pconfig
class OptimizerConfig(PConfig):
    """The optimizer of the Megatron backend."""

    optimizer: str
    lr: float
    min_lr: float
    weight_decay: float
    bf16: bool
    fp16: bool
    params_dtype: str
    adam_beta1: float
    adam_beta2: float
    adam_eps: float
    sgd_momentum: float
    use_distributed_optimizer: bool
    use_precision_aware_optimizer: bool
    clip_grad: Omitted[float]
    optimizer_cpu_offload: bool
    optimizer_offload_fraction: float
    overlap_cpu_optimizer_d2h_h2d: bool


pdefaults += OptimizerConfig(
    optimizer="adam",
    lr=5e-06,
    min_lr=5e-07,
    weight_decay=0.01,
    bf16=True,
    fp16=False,
    params_dtype="float32",
    adam_beta1=0.9,
    adam_beta2=0.999,
    adam_eps=1e-08,
    sgd_momentum=0.9,
    use_distributed_optimizer=True,
    use_precision_aware_optimizer=True,
    clip_grad=Omitted,
    optimizer_cpu_offload=False,
    optimizer_offload_fraction=0.0,
    overlap_cpu_optimizer_d2h_h2d=False,
)


@pconfig
class SchedulerConfig(PConfig):
    """Learning rate and weight decay over the iterations."""

    start_weight_decay: Omitted[float]
    end_weight_decay: Omitted[float]
    weight_decay_incr_style: str
    lr_decay_style: str
    lr_decay_iters: Omitted[int | None]
    lr_warmup_iters: int
    lr_warmup_init: float


pdefaults += SchedulerConfig(
    start_weight_decay=Omitted,
    end_weight_decay=Omitted,
    weight_decay_incr_style="constant",
    lr_decay_style="constant",
    lr_decay_iters=1000,
    lr_warmup_iters=13,
    lr_warmup_init=5e-07,
)


@pconfig
class DistributedDataParallelConfig(PConfig):
    """Reduction of gradients and gathering of parameters."""

    grad_reduce_in_fp32: bool
    overlap_grad_reduce: bool
    overlap_param_gather: bool
    use_custom_fsdp: bool
    data_parallel_sharding_strategy: str


pdefaults += DistributedDataParallelConfig(
    grad_reduce_in_fp32=False,
    overlap_grad_reduce=True,
    overlap_param_gather=True,
    use_custom_fsdp=False,
    data_parallel_sharding_strategy="optim_grads_params",
)


@pconfig
class Fp8Config(PConfig):
    """Eight-bit training."""

    enabled: bool
    fp8: str
    fp8_recipe: str
    fp8_param: bool


pdefaults += Fp8Config(enabled=False, fp8="e4m3", fp8_recipe="blockwise", fp8_param=False)


@pconfig
class MegatronConfig(PConfig):
    """Training spread by Megatron."""

    enabled: bool
    model_overrides: Omitted[dict[str, Any]]
    checkpoint: CheckpointConfig
    use_fused_linear_logprobs: bool
    fused_linear_logprobs_chunk_size: int
    force_reconvert_from_hf: bool
    empty_unused_memory_level: int
    activation_checkpointing: bool
    cuda_graph_impl: str
    cuda_graph_modules: list[str]
    cuda_graph_warmup_steps: int
    fine_grained_activation_offloading: bool
    offload_modules: list[str] | None
    recompute_granularity: str
    recompute_modules: list[str] | None
    tensor_model_parallel_size: int
    expert_tensor_parallel_size: int
    expert_model_parallel_size: int
    pipeline_model_parallel_size: int
    num_layers_in_first_pipeline_stage: int | None
    num_layers_in_last_pipeline_stage: int | None
    context_parallel_size: int
    pipeline_dtype: Omitted[str]
    sequence_parallel: bool
    freeze_moe_router: bool
    moe_router_dtype: str | None
    moe_router_load_balancing_type: str
    moe_router_bias_update_rate: float
    moe_permute_fusion: bool
    apply_rope_fusion: bool
    bias_activation_fusion: bool
    defer_fp32_logits: bool
    moe_per_layer_logging: bool
    moe_enable_deepep: bool
    moe_token_dispatcher_type: str
    moe_shared_expert_overlap: bool
    use_gloo_process_groups: bool
    mtp_num_layers: Omitted[int]
    mtp_loss_scaling_factor: Omitted[float]
    mtp_use_repeated_layer: Omitted[bool]
    mtp_detach_heads: Omitted[bool]
    gradient_accumulation_fusion: bool
    use_fused_weighted_squared_relu: bool
    peft: PeftConfig
    optimizer: OptimizerConfig
    scheduler: SchedulerConfig
    distributed_data_parallel_config: DistributedDataParallelConfig
    fp8_cfg: Fp8Config
    env_vars: Omitted[dict[str, Any] | None]

    @pproperty(fixup=True)
    def scheduler(self) -> SchedulerConfig:
        """Give `scheduler` the values that follow from others, where none are given."""
        given = pinputs(self).scheduler
        with psetter(given) as scheduler:
            scheduler.start_weight_decay = Pin(self.optimizer.weight_decay)
            scheduler.end_weight_decay = Pin(self.optimizer.weight_decay)
        return scheduler.config


pdefaults += MegatronConfig(
    enabled=False,
    model_overrides={},
    checkpoint=CheckpointConfig(),
    use_fused_linear_logprobs=False,
    fused_linear_logprobs_chunk_size=256,
    force_reconvert_from_hf=False,
    empty_unused_memory_level=1,
    activation_checkpointing=False,
    cuda_graph_impl="none",
    cuda_graph_modules=[],
    cuda_graph_warmup_steps=3,
    fine_grained_activation_offloading=False,
    offload_modules=None,
    recompute_granularity="full",
    recompute_modules=None,
    tensor_model_parallel_size=1,
    expert_tensor_parallel_size=1,
    expert_model_parallel_size=1,
    pipeline_model_parallel_size=1,
    num_layers_in_first_pipeline_stage=None,
    num_layers_in_last_pipeline_stage=None,
    context_parallel_size=1,
    pipeline_dtype=Omitted,
    sequence_parallel=False,
    freeze_moe_router=True,
    moe_router_dtype="fp64",
    moe_router_load_balancing_type="none",
    moe_router_bias_update_rate=0.0,
    moe_permute_fusion=True,
    apply_rope_fusion=True,
    bias_activation_fusion=True,
    defer_fp32_logits=False,
    moe_per_layer_logging=False,
    moe_enable_deepep=False,
    moe_token_dispatcher_type="alltoall",
    moe_shared_expert_overlap=False,
    use_gloo_process_groups=False,
    mtp_num_layers=0,
    mtp_loss_scaling_factor=0.0,
    mtp_use_repeated_layer=False,
    mtp_detach_heads=False,
    gradient_accumulation_fusion=False,
    use_fused_weighted_squared_relu=False,
    peft=PeftConfig(),
    optimizer=OptimizerConfig(),
    scheduler=SchedulerConfig(),
    distributed_data_parallel_config=DistributedDataParallelConfig(),
    fp8_cfg=Fp8Config(),
    env_vars=None,
)
