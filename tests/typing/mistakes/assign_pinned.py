"""Assigning to a pinned field of a built config."""

from system import trainer

trainer.schedule = [0.1]  # wrong: mypy[assignment] mypy[misc] pyright[reportAttributeAccessIssue]
