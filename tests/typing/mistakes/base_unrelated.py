"""A config of an unrelated class as base."""

from system import TrainerConfig, data

config = TrainerConfig(data, steps=5)  # wrong: mypy[arg-type] pyright[reportArgumentType]
