"""A class as base, in place of one of its configs."""

from system import TrainerConfig

config = TrainerConfig(TrainerConfig, steps=5)  # wrong: mypy[arg-type] pyright[reportArgumentType]
