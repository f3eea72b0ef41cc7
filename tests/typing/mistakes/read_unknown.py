"""Reading a name that is no field."""

from system import trainer

print(trainer.stepz)  # wrong: mypy[attr-defined] pyright[reportAttributeAccessIssue]
