"""Model: a multilayer perceptron and its gradients, in numpy."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

import numpy as np
from annotated_types import Gt
from numpy.typing import NDArray

from pconfigs import PConfig, Pinned, pconfig, pconfiged, pdefaults, pproperty

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Width = Annotated[int, Gt(0)]


@pconfiged
class Perceptron:
    """Affine layers with ReLU between them; without hidden layers it is softmax regression.

    `parameters` holds a weight (fan_in, fan_out) and a bias (fan_out,) for each layer, in turn.
    """

    config: PerceptronConfig

    def __init__(self) -> None:
        random = np.random.default_rng(self.config.seed)
        self.parameters: list[Floats] = []
        for fan_in, fan_out in pairwise(self.config.layer_widths):
            weight = random.normal(scale=np.sqrt(2 / fan_in), size=(fan_in, fan_out))
            self.parameters += [weight, np.zeros(fan_out)]

    def predict(self, images: Floats) -> Ints:
        """Return the most likely class of each image, shape (n,)."""
        _, logits = self._forward(images)
        return logits.argmax(axis=1)

    def loss_and_gradients(self, images: Floats, labels: Ints) -> tuple[float, list[Floats]]:
        """Mean cross-entropy, and its gradient for each of `parameters`."""
        entering, logits = self._forward(images)
        rows = np.arange(len(labels))
        logits -= logits.max(axis=1, keepdims=True)
        log_probabilities = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))

        slope = np.exp(log_probabilities)
        slope[rows, labels] -= 1
        slope /= len(labels)
        gradients: list[Floats] = []
        for inputs, weight in zip(reversed(entering), self.parameters[-2::-2], strict=True):
            gradients += [slope.sum(axis=0), inputs.T @ slope]
            slope = (slope @ weight.T) * (inputs > 0)
        return float(-log_probabilities[rows, labels].mean()), gradients[::-1]

    def _forward(self, images: Floats) -> tuple[list[Floats], Floats]:
        """Return the inputs of each layer, and the logits (n, classes) of the last."""
        *hidden, (weight, bias) = zip(self.parameters[::2], self.parameters[1::2], strict=True)
        entering = [images]
        for hidden_weight, hidden_bias in hidden:
            entering.append((entering[-1] @ hidden_weight + hidden_bias).clip(min=0))
        return entering, entering[-1] @ weight + bias


@pconfig
class PerceptronConfig(PConfig[Perceptron]):
    """The hidden layers are chosen; both ends follow from the data, the seed from the trainer."""

    hidden: list[Width]
    """Widths of the hidden layers, from the input on."""
    input_width: Pinned[int]
    """Numbers that describe an image."""
    classes: Pinned[int]
    """Different answers."""
    seed: Pinned[int]
    """Seed of the first weights."""

    @pproperty
    def layer_widths(self) -> list[int]:
        """Widths of all layers, both ends included."""
        return [self.input_width, *self.hidden, self.classes]

    @pproperty
    def parameter_count(self) -> int:
        """Numbers that are learnt."""
        return sum((fan_in + 1) * fan_out for fan_in, fan_out in pairwise(self.layer_widths))


pdefaults += PerceptronConfig(hidden=[], input_width=Pinned, classes=Pinned, seed=Pinned)
