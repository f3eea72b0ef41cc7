"""A derived config that constructs another class than its ancestor."""

from __future__ import annotations

from pconfigs import pconfig, pconfiged
from system import TrainerConfig


@pconfiged
class Evaluator:
    config: EvaluatorConfig


@pconfig(constructs=Evaluator)
class EvaluatorConfig(TrainerConfig):
    split: str


evaluator: Evaluator = EvaluatorConfig(split="test").construct()  # wrong: pyright[reportAssignmentType]
