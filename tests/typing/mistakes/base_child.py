"""A config of a derived class as base."""

from system import TrainerConfig, fast

config = TrainerConfig(fast, steps=5)  # wrong: mypy[arg-type] pyright[reportArgumentType]
