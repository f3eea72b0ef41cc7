"""A number as base."""

from system import TrainerConfig

config = TrainerConfig(5)  # wrong: mypy[arg-type] pyright[reportArgumentType]
