"""None for a field that is not optional."""

from system import TrainerConfig, trainer

config = TrainerConfig(trainer, name=None)  # wrong: mypy[arg-type] pyright[reportArgumentType]
