"""Variants taken for configs of another class."""

from pconfigs import pload, pset
from system import DataConfig, TrainerConfig, trainer

config: DataConfig = pset(trainer, {"steps": 3})  # wrong: mypy[assignment] pyright[reportAssignmentType]
loaded: DataConfig = pload({}, TrainerConfig)  # wrong: mypy[assignment] pyright[reportAssignmentType]
default: str = trainer.asdict()  # wrong: mypy[assignment] pyright[reportAssignmentType]
