"""Data: scikit-learn's bundled digits, split into train and test."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Gt, Lt

from pconfigs import pconfig, pconfiged, pdefaults
from pconfigs.pinnable import pproperty


@pconfiged
class Digits:
    """Images as rows of brightness in [0, 1], and the digits they show.

    `train_images` has shape (train_size, input_width), `train_labels` has shape (train_size,);
    `test_images` and `test_labels` alike.
    """

    config: DigitsConfig

    def __init__(self):
        from sklearn.datasets import load_digits  # a second that printing need not pay

        images, labels = load_digits(return_X_y=True)
        order = np.random.default_rng(self.config.split_seed).permutation(len(labels))
        images, labels = self.pooled(images / 16.0)[order], labels[order]
        self.train_images, self.test_images = np.split(images, [self.config.train_size])
        self.train_labels, self.test_labels = np.split(labels, [self.config.train_size])

    def pooled(self, images: np.ndarray) -> np.ndarray:
        """The mean of every `pool` x `pool` block of each image, shape (n, input_width)."""
        pool, side = self.config.pool, self.config.side
        blocks = images.reshape(-1, side, pool, side, pool)
        return blocks.mean(axis=(2, 4)).reshape(len(images), -1)


@pconfig(constructs=Digits)
class DigitsConfig:
    """Which images, and how coarse.

    The split has a seed of its own: experiments with other seeds are tested on the same images.
    """

    IMAGES: ClassVar[int] = 1797
    SIDE: ClassVar[int] = 8

    pool: Literal[1, 2, 4]
    test_fraction: Annotated[float, Gt(0), Lt(1)]
    split_seed: int

    @pproperty
    def side(self) -> int:
        return self.SIDE // self.pool

    @pproperty
    def input_width(self) -> int:
        return self.side**2

    @pproperty
    def classes(self) -> int:
        return 10

    @pproperty
    def train_size(self) -> int:
        return self.IMAGES - round(self.IMAGES * self.test_fraction)


pdefaults += DigitsConfig(pool=1, test_fraction=0.25, split_seed=0)
