"""Section `logger`: where a run is logged."""

from __future__ import annotations

from typing import Any

from pconfigs import Omitted, PConfig, pconfig, pdefaults


@pconfig
class WandbConfig(PConfig):
    """Weights & Biases."""

    project: str
    name: str
    log_nemo_gym_full_result_tables: Omitted[bool]


pdefaults += WandbConfig(
    project="grpo-dev", name="grpo-dev-logger", log_nemo_gym_full_result_tables=False
)


@pconfig
class SwanlabConfig(PConfig):
    """SwanLab."""

    project: str
    name: str


pdefaults += SwanlabConfig(project="grpo-dev", name="grpo-dev-logger")


@pconfig
class MlflowConfig(PConfig):
    """MLflow."""

    experiment_name: str
    run_name: str
    tracking_uri: str


pdefaults += MlflowConfig(
    experiment_name="grpo-dev",
    run_name="grpo-dev-logger",
    tracking_uri="http://localhost:5000",
)


@pconfig
class GpuMonitoringConfig(PConfig):
    """How often GPUs are looked at."""

    collection_interval: int
    flush_interval: int


pdefaults += GpuMonitoringConfig(collection_interval=10, flush_interval=10)


@pconfig
class LoggerConfig(PConfig):
    """Where a run is logged."""

    log_dir: str
    """Folder of the logs."""
    num_val_samples_to_print: Omitted[int]
    wandb_enabled: bool
    tensorboard_enabled: bool
    mlflow_enabled: bool
    swanlab_enabled: bool
    monitor_gpus: bool
    wandb: WandbConfig
    swanlab: SwanlabConfig
    tensorboard: dict[str, Any]
    mlflow: MlflowConfig
    gpu_monitoring: GpuMonitoringConfig


pdefaults += LoggerConfig(
    log_dir="logs",
    num_val_samples_to_print=0,
    wandb_enabled=False,
    tensorboard_enabled=False,
    mlflow_enabled=False,
    swanlab_enabled=False,
    monitor_gpus=True,
    wandb=WandbConfig(),
    swanlab=SwanlabConfig(),
    tensorboard={},
    mlflow=MlflowConfig(),
    gpu_monitoring=GpuMonitoringConfig(),
)
