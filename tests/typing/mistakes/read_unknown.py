"""Reading an unknown name."""

from system import trainer

print(trainer.stepz)  # wrong: mypy[attr-defined] pyright[reportAttributeAccessIssue]
