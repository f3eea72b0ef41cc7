"""A computed field used as another type than it has."""

from system import trainer

first: str = trainer.schedule[0]  # wrong: mypy[assignment] pyright[reportAssignmentType]
