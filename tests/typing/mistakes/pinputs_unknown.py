"""The input of an unknown name."""

from pconfigs import pinputs

from system import trainer

print(pinputs(trainer).stepz)  # wrong: mypy[attr-defined] pyright[reportAttributeAccessIssue]
