"""The hidden layer for two epochs: to see that everything fits together."""

from project.digits.trainer import DigitsTrainerConfig
from project.experiments.digits_hidden import config as hidden

config = DigitsTrainerConfig(hidden, epochs=2, batch_size=128)
