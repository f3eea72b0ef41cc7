"""A value of another type than its field."""

from system import TrainerConfig, trainer

config = TrainerConfig(trainer, steps="five")  # wrong: mypy[arg-type] pyright[reportArgumentType]
