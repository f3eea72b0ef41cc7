"""A default taken for that of another class, and used without asking whether there is one."""

from pconfigs import pdefaults
from system import DataConfig, TrainerConfig

default: DataConfig | None = pdefaults(TrainerConfig)  # wrong: mypy[assignment] pyright[reportAssignmentType]
steps: int = pdefaults(TrainerConfig).steps  # wrong: mypy[union-attr] pyright[reportOptionalMemberAccess]
