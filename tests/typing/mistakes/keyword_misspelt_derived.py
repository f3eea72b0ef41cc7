"""An unknown keyword of a derived config."""

from system import FastConfig, trainer

config = FastConfig(trainer, warmupp=5)  # wrong: mypy[call-arg] pyright[reportCallIssue]
