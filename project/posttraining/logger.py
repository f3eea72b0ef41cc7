"""Section `logger`: where numbers are written besides the terminal."""

from __future__ import annotations

from pconfigs import PConfig, pconfig, pdefaults, pproperty, psmoke
from project.posttraining.constraints import Name


@pconfig
class WandbConfig(PConfig):
    """Names under which NeMo RL files a run; here the variables of Weights & Biases name them."""

    project: Name
    """Project of the run."""
    name: Name
    """Name of the run."""


@pconfig
class TensorboardConfig(PConfig):
    """TensorBoard takes no settings."""


@pconfig
class LoggerConfig(PConfig):
    """Which trackers a recorded run is sent to. None of them changes a result."""

    log_dir: Name
    """Log directory of NeMo RL; trackers here write to the folder of the run."""
    wandb_enabled: bool
    """Log to Weights & Biases."""
    tensorboard_enabled: bool
    """Log to TensorBoard."""
    mlflow_enabled: bool
    """Log to MLflow."""
    monitor_gpus: bool
    """Log the load of every GPU."""
    wandb: WandbConfig
    """Settings of Weights & Biases."""
    tensorboard: TensorboardConfig
    """Settings of TensorBoard."""

    @pproperty
    def trackers(self) -> list[str]:
        """Names of the trackers that are enabled."""
        switches = {
            "wandb": self.wandb_enabled,
            "tensorboard": self.tensorboard_enabled,
            "mlflow": self.mlflow_enabled,
        }
        return [name for name, enabled in switches.items() if enabled]


pdefaults += WandbConfig(project="my-project", name="run-001")
pdefaults += TensorboardConfig()
pdefaults += LoggerConfig(
    log_dir="logs",
    wandb_enabled=False,
    tensorboard_enabled=True,
    mlflow_enabled=False,
    monitor_gpus=True,
    wandb=WandbConfig(),
    tensorboard=TensorboardConfig(),
)
psmoke(LoggerConfig, wandb_enabled=False, tensorboard_enabled=False, mlflow_enabled=False)
