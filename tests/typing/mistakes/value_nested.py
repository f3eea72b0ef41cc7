"""A wrong value in a config inside the config."""

from system import ModelConfig, TrainerConfig, trainer

config = TrainerConfig(
    trainer,
    model=ModelConfig(trainer.model, width="wide"),  # wrong: mypy[arg-type] pyright[reportArgumentType]
)
