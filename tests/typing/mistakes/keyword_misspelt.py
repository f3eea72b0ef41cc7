"""An unknown keyword."""

from system import TrainerConfig, trainer

config = TrainerConfig(trainer, stepz=5)  # wrong: mypy[call-arg] pyright[reportCallIssue]
