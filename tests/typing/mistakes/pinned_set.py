"""A plain value for a pinned field."""

from system import TrainerConfig, trainer

config = TrainerConfig(trainer, schedule=[0.1])  # wrong: mypy[arg-type] pyright[reportArgumentType]
