"""Trainer: what ties data, model and optimizer together, and runs them."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np
from annotated_types import Gt

from pconfigs import (
    PConfig,
    Pin,
    pcheck,
    pconfig,
    pconfiged,
    pdefaults,
    pinputs,
    pproperty,
    prun,
    psmoke,
)
from project.digits.data import DigitsConfig
from project.digits.model import PerceptronConfig
from project.digits.optimizer import AdamConfig, OptimizerConfig


@pconfiged(runnable=True)
class DigitsTrainer:
    """Trains on the digits and prints the accuracy on unseen ones after each epoch."""

    config: DigitsTrainerConfig

    def __init__(self) -> None:
        self.data = self.config.data.construct()
        self.model = self.config.model.construct()
        self.optimizer = self.config.optimizer.construct()
        self.random = np.random.default_rng(self.config.seed)

    def main(self, *args: object, **kwargs: object) -> None:
        """Train, with a line for every epoch."""
        for epoch, rate in enumerate(self.config.epoch_rates):
            loss = self.train_epoch(first_step=epoch * self.config.steps_per_epoch)
            accuracy = self.accuracy()
            prun.log(step=epoch + 1, rate=rate, loss=loss, accuracy=accuracy)
            print(f"epoch={epoch + 1} rate={rate:.5f} loss={loss:.4f} accuracy={accuracy:.4f}")
        self.save()
        print(f"final accuracy={self.accuracy():.4f} after {self.config.total_steps} steps")

    def save(self) -> None:
        """Log the parameters as the artifact `model`."""
        path = prun.dir / "model.npz"
        np.savez(path, *self.model.parameters)
        prun.log_artifact("model", path, type="model", accuracy=self.accuracy())

    def train_epoch(self, first_step: int) -> float:
        """Mean loss of one pass over the training images, in a new random order."""
        order = self.random.permutation(self.config.data.train_size)
        losses = []
        for number, batch in enumerate(np.array_split(order, self.config.steps_per_epoch)):
            loss, gradients = self.model.loss_and_gradients(
                self.data.train_images[batch], self.data.train_labels[batch]
            )
            rate = self.config.optimizer.rate(first_step + number)
            self.optimizer.step(self.model.parameters, gradients, rate)
            losses.append(loss)
        return float(np.mean(losses))

    def accuracy(self) -> float:
        """Fraction of the test images whose digit is recognised."""
        predicted = self.model.predict(self.data.test_images)
        return float(np.mean(predicted == self.data.test_labels))


@pconfig
class DigitsTrainerConfig(PConfig[DigitsTrainer]):
    """A whole training. `model` and `optimizer` are completed by what follows from the rest."""

    data: DigitsConfig
    """What is learnt from."""
    model: PerceptronConfig
    """What learns."""
    optimizer: OptimizerConfig
    """How it learns."""
    epochs: Annotated[int, Gt(0)]
    """Passes over the training images."""
    batch_size: Annotated[int, Gt(0)]
    """Images in one step."""
    seed: int
    """Seed of the first weights and of the order of images."""

    @pproperty(fixup=True)
    def model(self) -> PerceptronConfig:
        """The given model, as wide as the data."""
        given = pinputs(self).model
        return type(given)(
            given,
            input_width=Pin(self.data.input_width),
            classes=Pin(self.data.classes),
            seed=Pin(self.seed),
        )

    @pproperty(fixup=True)
    def optimizer(self) -> OptimizerConfig:
        """The given optimizer, for the steps of the training."""
        given = pinputs(self).optimizer
        return type(given)(given, total_steps=Pin(self.total_steps))

    @pproperty
    def steps_per_epoch(self) -> int:
        """Steps of one pass over the training images; the last one may be smaller."""
        return math.ceil(self.data.train_size / self.batch_size)

    @pproperty
    def total_steps(self) -> int:
        """Steps of the whole training."""
        return self.epochs * self.steps_per_epoch

    @pproperty
    def epoch_rates(self) -> list[float]:
        """The learning rate at the first step of every epoch."""
        return [self.optimizer.rate(epoch * self.steps_per_epoch) for epoch in range(self.epochs)]

    @pcheck
    def batch_fits_the_data(self) -> None:
        """A batch has no image twice."""
        if self.batch_size > self.data.train_size:
            raise ValueError(f"only {self.data.train_size} images to train on")


pdefaults += DigitsTrainerConfig(
    data=DigitsConfig(),
    model=PerceptronConfig(),
    optimizer=AdamConfig(),
    epochs=10,
    batch_size=32,
    seed=0,
)

psmoke(DigitsTrainerConfig, epochs=1)
