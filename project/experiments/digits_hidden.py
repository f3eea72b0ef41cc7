"""The linear model with one hidden layer."""

from project.digits.model import PerceptronConfig
from project.digits.trainer import DigitsTrainerConfig
from project.experiments.digits_linear import config as linear

config = DigitsTrainerConfig(linear, model=PerceptronConfig(linear.model, hidden=[64]))
