"""Softmax regression: what a model without hidden layers reaches."""

from project.digits.trainer import DigitsTrainerConfig

config = DigitsTrainerConfig()
