"""Section `policy.dtensor_cfg`: one model over several GPUs, by DTensor."""

from __future__ import annotations

from typing import Any

from pconfigs import Omitted, PConfig, pconfig, pdefaults


@pconfig
class LoraConfig(PConfig):
    """Low-rank adapters under DTensor."""

    enabled: bool
    target_modules: list[str]
    exclude_modules: list[str]
    match_all_linear: bool
    dim: int
    alpha: int
    dropout: float
    dropout_position: str
    lora_A_init: str
    use_triton: bool


pdefaults += LoraConfig(
    enabled=False,
    target_modules=[],
    exclude_modules=[],
    match_all_linear=True,
    dim=8,
    alpha=32,
    dropout=0.0,
    dropout_position="post",
    lora_A_init="xavier",
    use_triton=True,
)


@pconfig
class DtensorConfig(PConfig):
    """Training spread by DTensor."""

    _v2: Omitted[bool]
    enabled: bool
    cpu_offload: bool
    sequence_parallel: bool
    activation_checkpointing: bool
    tensor_parallel_size: int
    context_parallel_size: int
    custom_parallel_plan: str | None
    automodel_kwargs: dict[str, Any]
    lora_cfg: LoraConfig
    env_vars: Omitted[dict[str, Any]]
    dp_replicate_size: Omitted[int]
    clear_cache_every_n_steps: Omitted[int | None]


pdefaults += DtensorConfig(
    _v2=True,
    enabled=True,
    cpu_offload=False,
    sequence_parallel=False,
    activation_checkpointing=False,
    tensor_parallel_size=1,
    context_parallel_size=1,
    custom_parallel_plan=None,
    automodel_kwargs={},
    lora_cfg=LoraConfig(),
    env_vars=Omitted,
    dp_replicate_size=Omitted,
    clear_cache_every_n_steps=Omitted,
)
