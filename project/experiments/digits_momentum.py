"""The hidden layer again, learned by another rule."""

from project.digits.optimizer import MomentumConfig
from project.digits.trainer import DigitsTrainerConfig
from project.experiments.digits_hidden import config as hidden

config = DigitsTrainerConfig(hidden, optimizer=MomentumConfig(peak_rate=0.1))
