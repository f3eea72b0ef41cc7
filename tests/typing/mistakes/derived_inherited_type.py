"""A wrong value for a field that the class inherits."""

from system import FastConfig, trainer

config = FastConfig(trainer, lr="high", warmup=2)  # wrong: mypy[arg-type] pyright[reportArgumentType]
