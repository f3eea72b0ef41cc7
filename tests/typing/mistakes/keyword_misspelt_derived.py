"""A keyword that no field of a derived config has."""

from system import FastConfig, trainer

config = FastConfig(trainer, warmupp=5)  # wrong: mypy[call-arg] pyright[reportCallIssue]
