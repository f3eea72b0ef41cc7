"""Sections `checkpointing`, `cluster` and `data_plane`."""

from __future__ import annotations

from pconfigs import Omitted, PConfig, pconfig, pdefaults


@pconfig
class CheckpointingConfig(PConfig):
    """The states that are kept."""

    enabled: bool
    checkpoint_dir: str
    """Folder of the checkpoints."""
    metric_name: str | None
    """Metric by which checkpoints are ranked."""
    higher_is_better: bool
    keep_top_k: int
    """Checkpoints that are kept."""
    save_period: int
    """Steps between checkpoints."""
    checkpoint_must_save_by: str | None
    model_save_format: Omitted[str | None]
    save_consolidated: Omitted[bool]
    save_optimizer: bool


pdefaults += CheckpointingConfig(
    enabled=True,
    checkpoint_dir="results/grpo",
    metric_name="val:accuracy",
    higher_is_better=True,
    keep_top_k=3,
    save_period=10,
    checkpoint_must_save_by=None,
    model_save_format="safetensors",
    save_consolidated=False,
    save_optimizer=True,
)


@pconfig
class ClusterConfig(PConfig):
    """The machines."""

    gpus_per_node: int
    """GPUs of a machine."""
    num_nodes: int
    """Machines."""
    master_port_range_low: Omitted[int]
    master_port_range_high: Omitted[int]
    segment_size: int | None


pdefaults += ClusterConfig(
    gpus_per_node=1,
    num_nodes=1,
    master_port_range_low=1400,
    master_port_range_high=1999,
    segment_size=None,
)


@pconfig
class DataPlaneConfig(PConfig):
    """How samples get from generation to training."""

    enabled: bool
    impl: str
    backend: str
    storage_capacity: int
    num_storage_units: int
    claim_meta_poll_interval_s: float
    global_segment_size: int
    local_buffer_size: int


pdefaults += DataPlaneConfig(
    enabled=False,
    impl="transfer_queue",
    backend="simple",
    storage_capacity=1000000,
    num_storage_units=2,
    claim_meta_poll_interval_s=0.5,
    global_segment_size=549755813888,
    local_buffer_size=68719476736,
)
