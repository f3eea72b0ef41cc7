"""Evaluation: how much noise a trained model bears."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from annotated_types import Ge

from pconfigs import PConfig, pconfig, pconfiged, pdefaults, prun, psmoke
from project.digits.artifacts import TrainedModel


@pconfiged(runnable=True)
class Evaluation:
    """Prints the accuracy of a trained model on test images with more and more noise."""

    config: EvaluationConfig

    def __init__(self) -> None:
        training = self.config.model.of
        self.data = training.data.construct()
        self.model = training.model.construct()
        with np.load(self.config.model.path) as file:
            self.model.parameters = list(file.values())

    def main(self, *args: object, **kwargs: object) -> None:
        """Evaluate, with a line for every level of noise."""
        random = np.random.default_rng(self.config.seed)
        for noise in self.config.noise:
            images = self.data.test_images
            images = images + random.normal(scale=noise, size=images.shape)
            accuracy = float(np.mean(self.model.predict(images) == self.data.test_labels))
            prun.log(noise=noise, accuracy=accuracy)
            print(f"noise={noise} accuracy={accuracy:.4f}")


@pconfig
class EvaluationConfig(PConfig[Evaluation]):
    """Which model, and how much noise."""

    model: TrainedModel
    """What a training has left; `of` names the training."""
    noise: list[Annotated[float, Ge(0)]]
    """Standard deviations of what is added to each pixel, whose brightness is in [0, 1]."""
    seed: int
    """Seed of the noise."""


pdefaults += EvaluationConfig(model=TrainedModel(), noise=[0.0, 0.1, 0.2, 0.4], seed=0)

psmoke += EvaluationConfig(noise=[0.0])
