"""The input of a name that is no field."""

from pconfigs import pinputs

from system import trainer

print(pinputs(trainer).stepz)  # wrong: mypy[attr-defined] pyright[reportAttributeAccessIssue]
