"""A class in front, where one of its configs belongs."""

from system import TrainerConfig

config = TrainerConfig(TrainerConfig, steps=5)  # wrong: mypy[arg-type] pyright[reportArgumentType]
