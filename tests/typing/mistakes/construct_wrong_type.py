"""What `construct()` makes, taken for something else."""

from system import Model, trainer

model: Model = trainer.construct()  # wrong: mypy[assignment] pyright[reportAssignmentType]
