"""Section `policy.generation`: how answers are sampled."""

from __future__ import annotations

from typing import Any

from pconfigs import Omitted, PConfig, pconfig, pdefaults, pinputs, pproperty


@pconfig
class NixlConfig(PConfig):
    """Weights sent by NIXL."""

    update_weights_bucket_memory_ratio: float
    device: str
    backend_name: str
    backend_init_params: dict[str, Any] | None
    release_after_refit: bool
    shard_expert_weights: bool


pdefaults += NixlConfig(
    update_weights_bucket_memory_ratio=0.05,
    device="cuda",
    backend_name="UCX",
    backend_init_params=None,
    release_after_refit=False,
    shard_expert_weights=False,
)


@pconfig
class RefitConfig(PConfig):
    """How weights get from the trainer to the engine."""

    nixl: NixlConfig


pdefaults += RefitConfig(nixl=NixlConfig())


@pconfig
class McoreGenerationConfig(PConfig):
    """The engine of Megatron."""

    max_model_len: Omitted[int]
    cuda_graph_impl: str
    inference_cuda_graph_scope: str
    buffer_size_gb: int
    num_cuda_graphs: int
    block_size_tokens: int
    use_cuda_graphs_for_non_decode_steps: bool
    enable_chunked_prefill: bool
    enable_prefix_caching: bool
    max_tokens: int
    kv_cache_management_mode: str
    materialize_only_last_token_logits: bool
    num_speculative_tokens: int
    refit_backend: str
    parsers: list[str]
    expose_http_server: bool


pdefaults += McoreGenerationConfig(
    max_model_len=Omitted,
    cuda_graph_impl="local",
    inference_cuda_graph_scope="block",
    buffer_size_gb=10,
    num_cuda_graphs=4,
    block_size_tokens=256,
    use_cuda_graphs_for_non_decode_steps=True,
    enable_chunked_prefill=True,
    enable_prefix_caching=False,
    max_tokens=16384,
    kv_cache_management_mode="persist",
    materialize_only_last_token_logits=True,
    num_speculative_tokens=0,
    refit_backend="nccl",
    parsers=[],
    expose_http_server=False,
)


@pconfig
class VllmConfig(PConfig):
    """The vLLM engine."""

    async_engine: bool
    precision: Omitted[str]
    kv_cache_dtype: str
    logprobs_mode: str
    tensor_parallel_size: int
    pipeline_parallel_size: int
    expert_parallel_size: int
    gpu_memory_utilization: float
    max_model_len: Omitted[int]
    enforce_eager: bool
    use_tqdm: bool
    use_deep_gemm: bool
    num_last_layers_in_bf16: int
    num_first_layers_in_bf16: int
    enable_vllm_metrics_logger: bool
    vllm_metrics_logger_interval: float
    http_refit_api_key_env_var: str | None
    reset_encoder_cache_after_weight_update: bool
    http_refit_server_port: int | None
    zmq_refit_server_port: int | None


pdefaults += VllmConfig(
    async_engine=False,
    precision=Omitted,
    kv_cache_dtype="auto",
    logprobs_mode="processed_logprobs",
    tensor_parallel_size=1,
    pipeline_parallel_size=1,
    expert_parallel_size=1,
    gpu_memory_utilization=0.6,
    max_model_len=Omitted,
    enforce_eager=False,
    use_tqdm=True,
    use_deep_gemm=False,
    num_last_layers_in_bf16=0,
    num_first_layers_in_bf16=0,
    enable_vllm_metrics_logger=True,
    vllm_metrics_logger_interval=0.5,
    http_refit_api_key_env_var=None,
    reset_encoder_cache_after_weight_update=False,
    http_refit_server_port=None,
    zmq_refit_server_port=None,
)


@pconfig
class ResourcesConfig(PConfig):
    """GPUs of an engine that has its own."""

    gpus_per_node: int | None
    num_nodes: int | None


pdefaults += ResourcesConfig(gpus_per_node=None, num_nodes=None)


@pconfig
class ColocatedConfig(PConfig):
    """Whether engine and trainer share their GPUs."""

    enabled: bool
    resources: ResourcesConfig


pdefaults += ColocatedConfig(enabled=True, resources=ResourcesConfig())


@pconfig
class GenerationConfig(PConfig):
    """How answers are sampled, and by which engine."""

    port_range_low: int
    port_range_high: int
    backend: str
    max_new_tokens: Omitted[int]
    """Longest answer, in tokens."""
    temperature: float
    """Logits are divided by this."""
    top_p: float
    """Sample from the fewest tokens that have this probability together."""
    top_k: int | None
    """Sample from this many of the likeliest tokens; None from all."""
    val_temperature: Omitted[float]
    val_top_p: Omitted[float]
    val_top_k: Omitted[int | None]
    stop_token_ids: list[int] | None
    stop_strings: list[str] | None
    refit_transport: str | None
    real_quant_export_cpu_offload: bool
    refit_cfg: RefitConfig
    mcore_generation_config: McoreGenerationConfig
    vllm_cfg: VllmConfig
    vllm_kwargs: dict[str, Any]
    colocated: ColocatedConfig

    @pproperty(fixup=True)
    def val_temperature(self) -> float:
        """Follow `temperature` unless given."""
        given = pinputs(self).val_temperature
        return self.temperature if given is Omitted else given

    @pproperty(fixup=True)
    def val_top_p(self) -> float:
        """Follow `top_p` unless given."""
        given = pinputs(self).val_top_p
        return self.top_p if given is Omitted else given

    @pproperty(fixup=True)
    def val_top_k(self) -> int | None:
        """Follow `top_k` unless given."""
        given = pinputs(self).val_top_k
        return self.top_k if given is Omitted else given


pdefaults += GenerationConfig(
    port_range_low=3000,
    port_range_high=4999,
    backend="vllm",
    max_new_tokens=Omitted,
    temperature=1.0,
    top_p=1.0,
    top_k=None,
    val_temperature=Omitted,
    val_top_p=Omitted,
    val_top_k=Omitted,
    stop_token_ids=None,
    stop_strings=None,
    refit_transport=None,
    real_quant_export_cpu_offload=True,
    refit_cfg=RefitConfig(),
    mcore_generation_config=McoreGenerationConfig(),
    vllm_cfg=VllmConfig(),
    vllm_kwargs={},
    colocated=ColocatedConfig(),
)
