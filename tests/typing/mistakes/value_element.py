"""An element of the wrong type in a list."""

from system import TrainerConfig, trainer

config = TrainerConfig(trainer, tags=["a", 2])  # wrong: mypy[list-item] pyright[reportArgumentType]
