"""A config of a derived class in front."""

from system import TrainerConfig, fast

config = TrainerConfig(fast, steps=5)  # wrong: mypy[arg-type] pyright[reportArgumentType]
