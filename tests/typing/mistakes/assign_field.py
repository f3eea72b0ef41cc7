"""Assigning to a field of a built config."""

from system import trainer

trainer.steps = 5  # wrong: mypy[misc] pyright[reportAttributeAccessIssue]
