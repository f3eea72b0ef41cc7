"""A field used as another type than it has."""

from system import trainer

steps: str = trainer.steps  # wrong: mypy[assignment] pyright[reportAssignmentType]
