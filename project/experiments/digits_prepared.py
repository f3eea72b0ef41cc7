"""The hidden layer, trained on the images that a preparation has written."""

from project.digits.artifacts import Images
from project.digits.preparation import PreparedDigitsConfig
from project.digits.trainer import DigitsTrainerConfig
from project.experiments.digits_hidden import config as hidden
from project.experiments.digits_images import config as images

config = DigitsTrainerConfig(
    hidden, data=PreparedDigitsConfig(hidden.data, images=Images(of=images))
)
