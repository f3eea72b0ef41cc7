"""A pin for a field that is not pinned."""

from pconfigs import Pin
from system import TrainerConfig, trainer

config: TrainerConfig = TrainerConfig(trainer, steps=Pin(3))  # wrong: mypy[arg-type] pyright[reportArgumentType]
