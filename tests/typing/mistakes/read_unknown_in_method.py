"""Reading an unknown name of `self.config`."""

from __future__ import annotations

from pconfigs import pconfiged

from system import TrainerConfig

@pconfiged
class Evaluator:
    config: TrainerConfig

    def evaluate(self) -> None:
        print(self.config.stepz)  # wrong: mypy[attr-defined] pyright[reportAttributeAccessIssue]
