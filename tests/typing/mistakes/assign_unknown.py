"""Assigning to an unknown name."""

from system import trainer

trainer.stepz = 5  # wrong: mypy[attr-defined] pyright[reportAttributeAccessIssue]
