"""Assigning to a name that is no field."""

from system import trainer

trainer.stepz = 5  # wrong: mypy[attr-defined] pyright[reportAttributeAccessIssue]
