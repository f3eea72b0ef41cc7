"""An argument for `construct()`, which takes none."""

from system import trainer

made = trainer.construct(5)  # wrong: mypy[call-arg] pyright[reportCallIssue]
