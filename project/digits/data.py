"""Data: scikit-learn's bundled digits, split into train and test."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Gt, Lt
from numpy.typing import NDArray

from pconfigs import PConfig, pconfig, pconfiged, pdefaults, pproperty


@pconfiged
class Digits:
    """Images as rows of brightness in [0, 1], and the digits they show.

    `train_images` has shape (train_size, input_width), `train_labels` has shape (train_size,);
    `test_images` and `test_labels` alike.
    """

    config: DigitsConfig

    def __init__(self) -> None:
        images, labels = self.load()
        order = np.random.default_rng(self.config.split_seed).permutation(len(labels))
        images, labels = self.pooled(images)[order], labels[order]
        self.train_images, self.test_images = np.split(images, [self.config.train_size])
        self.train_labels, self.test_labels = np.split(labels, [self.config.train_size])

    def load(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return images as rows of brightness in [0, 1], shape (n, 64), and labels, shape (n,)."""
        from sklearn.datasets import load_digits  # a second that printing need not pay

        images, labels = load_digits(return_X_y=True)
        return np.asarray(images / 16.0), np.asarray(labels, dtype=np.int64)

    def pooled(self, images: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the mean of every `pool` x `pool` block of each image, shape (n, input_width)."""
        pool, side = self.config.pool, self.config.side
        blocks = images.reshape(-1, side, pool, side, pool)
        return blocks.mean(axis=(2, 4)).reshape(len(images), -1)


@pconfig
class DigitsConfig(PConfig[Digits]):
    """Which images, and how coarse.

    The split has a seed of its own: experiments with other seeds are tested on the same images.
    """

    IMAGES: ClassVar[int] = 1797
    """Images that scikit-learn has."""
    SIDE: ClassVar[int] = 8
    """Their width and height, in pixels."""

    pool: Literal[1, 2, 4]
    """Pixels that are averaged into one, along each side."""
    test_fraction: Annotated[float, Gt(0), Lt(1)]
    """Part of the images that is kept for testing."""
    split_seed: int
    """Seed of the split into train and test."""

    @pproperty
    def side(self) -> int:
        """Width and height of an image after pooling."""
        return self.SIDE // self.pool

    @pproperty
    def input_width(self) -> int:
        """Pixels of an image."""
        return self.side**2

    @pproperty
    def classes(self) -> int:
        """Different digits."""
        return 10

    @pproperty
    def train_size(self) -> int:
        """Images to train on."""
        return self.IMAGES - round(self.IMAGES * self.test_fraction)


pdefaults += DigitsConfig(pool=1, test_fraction=0.25, split_seed=0)
