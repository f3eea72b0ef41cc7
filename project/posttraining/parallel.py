"""Sections `policy.dtensor_cfg` and `policy.megatron_cfg`: one model over several GPUs."""

from __future__ import annotations

from pconfigs import PConfig, pcheck, pconfig, pdefaults, pproperty
from project.posttraining.constraints import Count


@pconfig
class DTensorConfig(PConfig):
    """Distributed training with PyTorch's DTensor."""

    enabled: bool
    """Use this backend."""
    cpu_offload: bool
    """Keep parameters and optimizer state in main memory."""
    tensor_parallel_size: Count
    """GPUs that share each layer."""
    context_parallel_size: Count
    """GPUs that share each sequence."""
    activation_checkpointing: bool
    """Recompute activations in the backward pass."""
    sequence_parallel: bool
    """Split the layers between the shared ones along the sequence."""

    @pproperty
    def model_parallel_size(self) -> int:
        """GPUs that hold one copy of the model."""
        return self.tensor_parallel_size * self.context_parallel_size

    @pcheck
    def sequence_parallel_splits_something(self) -> None:
        """Sequence parallelism divides the work of a tensor-parallel group, and needs one."""
        if self.sequence_parallel and self.tensor_parallel_size == 1:
            raise ValueError("sequence_parallel needs tensor_parallel_size > 1")

    @pcheck
    def sequences_are_split_once(self) -> None:
        """DTensor cannot split a sequence along both of its parallel ways."""
        if self.sequence_parallel and self.context_parallel_size > 1:
            raise ValueError(
                f"sequence_parallel cannot be used with context_parallel_size "
                f"{self.context_parallel_size}: choose one"
            )


@pconfig
class MegatronConfig(PConfig):
    """Distributed training with Megatron-LM."""

    enabled: bool
    """Use this backend."""
    tensor_model_parallel_size: Count
    """GPUs that share each layer."""
    pipeline_model_parallel_size: Count
    """GPUs that hold consecutive layers."""
    activation_checkpointing: bool
    """Recompute activations in the backward pass."""

    @pproperty
    def model_parallel_size(self) -> int:
        """GPUs that hold one copy of the model."""
        return self.tensor_model_parallel_size * self.pipeline_model_parallel_size


pdefaults += DTensorConfig(
    enabled=True,
    cpu_offload=False,
    tensor_parallel_size=1,
    context_parallel_size=1,
    activation_checkpointing=False,
    sequence_parallel=False,
)
pdefaults += MegatronConfig(
    enabled=True,
    tensor_model_parallel_size=4,
    pipeline_model_parallel_size=2,
    activation_checkpointing=True,
)
