"""A config passed where another class is asked for."""

from system import DataConfig, trainer

def load(config: DataConfig) -> str:
    return config.path


load(trainer)  # wrong: mypy[arg-type] pyright[reportArgumentType]
