"""Section `policy.generation`: how answers are sampled."""

from __future__ import annotations

from typing import Literal

from pconfigs import PConfig, pconfig, pdefaults
from project.posttraining.constraints import Count, NotNegative, Share


@pconfig
class VllmConfig(PConfig):
    """One vLLM engine."""

    tensor_parallel_size: Count
    """GPUs that share each layer of an engine."""
    gpu_memory_utilization: Share
    """Part of the GPU's memory that the engine may take."""
    enforce_eager: bool
    """Run without CUDA graphs."""


@pconfig
class GenerationConfig(PConfig):
    """How the policy answers a prompt."""

    backend: Literal["vllm", "megatron"]
    """Engine that generates."""
    max_new_tokens: Count | None
    """Longest answer, in tokens; None for the policy's longest sequence."""
    temperature: NotNegative
    """Logits are divided by this; 0 takes the likeliest token."""
    top_p: Share
    """Sample from the fewest tokens that have this probability together."""
    top_k: Count | None
    """Sample from this many of the likeliest tokens; None from all."""
    vllm_cfg: VllmConfig
    """Settings of the engine, where it is vLLM."""


pdefaults += VllmConfig(tensor_parallel_size=1, gpu_memory_utilization=0.6, enforce_eager=False)
pdefaults += GenerationConfig(
    backend="vllm",
    max_new_tokens=None,
    temperature=1.0,
    top_p=1.0,
    top_k=None,
    vllm_cfg=VllmConfig(),
)
