"""Inputs asked for their names."""

from pconfigs import pinputs
from system import trainer

inputs = pinputs(trainer)
print("schedule" in inputs)  # wrong: mypy[operator] pyright[reportOperatorIssue]
print(len(inputs))  # wrong: mypy[arg-type] pyright[reportArgumentType]
