"""How much noise the hidden layer bears that was trained on prepared images."""

from project.digits.artifacts import TrainedModel
from project.digits.evaluation import EvaluationConfig
from project.experiments.digits_prepared import config as prepared

config = EvaluationConfig(model=TrainedModel(of=prepared))
