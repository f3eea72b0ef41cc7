"""More configs in front than the stub lists."""

from system import TrainerConfig, trainer

config: TrainerConfig = TrainerConfig(trainer, trainer, trainer, trainer, trainer)  # wrong: pyright[reportCallIssue]
