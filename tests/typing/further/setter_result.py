"""What `psetter` builds, taken for another class."""

from pconfigs import psetter
from system import DataConfig, TrainerConfig

view = psetter(type=TrainerConfig)
config: DataConfig = psetter(construct=view)  # wrong: mypy[assignment] pyright[reportAssignmentType]
