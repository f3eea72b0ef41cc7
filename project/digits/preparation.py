"""Preparation: more images than scikit-learn has, by moving each by one pixel."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from annotated_types import Interval
from numpy.typing import NDArray

from pconfigs import PConfig, pconfig, pconfiged, pdefaults, pproperty, prun, psmoke
from project.digits.artifacts import Images
from project.digits.data import Digits, DigitsConfig

DIRECTIONS = [(0, 0), (0, 1), (1, 0), (0, -1), (-1, 0)]


@pconfiged(runnable=True)
class Preparation:
    """Writes the images and their moved copies, and logs them as the artifact `images`."""

    config: PreparationConfig

    def main(self, *args: object, **kwargs: object) -> None:
        """Write one file."""
        from sklearn.datasets import load_digits

        rows, labels = load_digits(return_X_y=True)
        images = rows.reshape(-1, 8, 8)[: self.config.originals] / 16.0
        labels = labels[: self.config.originals]
        copies = DIRECTIONS[: self.config.copies]
        moved = [np.roll(images, step, axis=(1, 2)) for step in copies]
        path = prun.dir / "images.npz"
        np.savez(path, images=np.concatenate(moved), labels=np.tile(labels, len(copies)))
        count = len(images) * len(copies)
        prun.log_artifact("images", path, type="dataset", count=count)
        print(f"{count} images")


@pconfig
class PreparationConfig(PConfig[Preparation]):
    """How many images are made."""

    copies: Annotated[int, Interval(ge=1, le=len(DIRECTIONS))]
    """Directions in which each image is moved; the first does not move it."""
    originals: Annotated[int, Interval(ge=10, le=DigitsConfig.IMAGES)]
    """Images of scikit-learn that are used."""


pdefaults += PreparationConfig(copies=3, originals=DigitsConfig.IMAGES)

psmoke += PreparationConfig(copies=1)


@pconfiged
class PreparedDigits(Digits):
    """The same as `Digits`, of the images in a file."""

    config: PreparedDigitsConfig  # pyright: ignore[reportIncompatibleVariableOverride]

    def load(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return images as rows, shape (count, 64), and labels, shape (count,)."""
        with np.load(self.config.images.path) as file:
            return file["images"].reshape(self.config.images.count, -1), file["labels"]


@pconfig(constructs=PreparedDigits)
class PreparedDigitsConfig(DigitsConfig):
    """Prepared images; their number is known once the artifact is resolved."""

    images: Images
    """What a preparation has written."""

    @pproperty
    def train_size(self) -> int:
        """Images to train on."""
        return self.images.count - round(self.images.count * self.test_fraction)
