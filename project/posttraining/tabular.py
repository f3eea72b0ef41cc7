"""A policy without a network: one softmax for every question and place of its answer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class TabularPolicy:
    """Logits of shape (questions, places, tokens); all tokens are equally likely at first."""

    def __init__(self, questions: int, places: int, tokens: int) -> None:
        self.logits = np.zeros((questions, places, tokens))

    def log_probabilities(self, questions: Ints, responses: Ints) -> Floats:
        """Log-probability of each response, (n, places), to its question, (n,): shape (n,)."""
        tokens = _log_softmax(self.logits[questions])
        return np.take_along_axis(tokens, responses[..., None], axis=-1)[..., 0].sum(axis=-1)

    def gradient(self, questions: Ints, responses: Ints, weights: Floats) -> Floats:
        """Gradient of the mean of weight x log-probability, in the shape of the logits."""
        per_response = -np.exp(_log_softmax(self.logits[questions]))
        rows, places = np.ogrid[: len(questions), : responses.shape[1]]
        per_response[rows, places, responses] += 1
        total = np.zeros_like(self.logits)
        np.add.at(total, questions, per_response * weights[:, None, None])
        return total / len(questions)

    def answer(self, questions: Ints) -> Ints:
        """Return the most likely response to each question: shape (questions, places)."""
        return self.logits[questions].argmax(axis=-1)

    def sample(
        self,
        questions: Ints,
        rng: np.random.Generator,
        temperature: float = 1.0,
        top_p: float = 1.0,
        top_k: int | None = None,
    ) -> Ints:
        """Return a random response to each question: shape (questions, places).

        Args:
            questions: Indices of questions.
            rng: Source of chance.
            temperature: Divides the logits, > 0.
            top_p: Only the fewest tokens with this probability together are drawn.
            top_k: Only this many of the likeliest tokens are drawn; None for all.
        """
        scores = _log_softmax(self.logits[questions] / temperature)
        best_first = np.argsort(-scores, axis=-1, kind="stable")
        ranked = np.exp(np.take_along_axis(scores, best_first, axis=-1))
        dropped = ranked.cumsum(axis=-1) - ranked >= top_p
        if top_k is not None:
            dropped[..., top_k:] = True
        rank = np.argsort(best_first, axis=-1)
        scores[np.take_along_axis(dropped, rank, axis=-1)] = -np.inf
        # the largest of scores + Gumbel noise is a draw from their softmax
        return (scores + rng.gumbel(size=scores.shape)).argmax(axis=-1)


def _log_softmax(logits: Floats) -> Floats:
    """Normalised along the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
