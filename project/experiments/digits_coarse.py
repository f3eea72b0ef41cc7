"""Images of 4 x 4 pixels: the model's input narrows with them, so it gets more layers and time."""

from project.digits.data import DigitsConfig
from project.digits.model import PerceptronConfig
from project.digits.trainer import DigitsTrainerConfig
from project.experiments.digits_hidden import config as hidden

config = DigitsTrainerConfig(
    hidden,
    data=DigitsConfig(hidden.data, pool=2),
    model=PerceptronConfig(hidden.model, hidden=[128, *hidden.model.hidden]),
    epochs=3 * hidden.epochs,
)
