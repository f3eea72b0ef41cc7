"""Section `data`: questions, right answers, and what an answer is worth.

The data of this project is a table of sums, small enough for every learner to finish in seconds.
`dataset`, like `policy.model_name`, is a label that is printed and compared: nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pconfigs import PConfig, pconfig, pconfiged, pdefaults, pproperty
from project.posttraining.constraints import Count, Name
from project.posttraining.tabular import Floats, Ints

VOCABULARY = 10


def digits_right(responses: Ints, answers: Ints) -> Floats:
    """Part of each response's digits that are right; both of shape (..., digits)."""
    right: Floats = (responses == answers).mean(axis=-1)
    return right


def all_right(responses: Ints, answers: Ints) -> Floats:
    """1 for each response that is right as a whole, else 0; both of shape (..., digits)."""
    right: Floats = (responses == answers).all(axis=-1).astype(float)
    return right


@pconfiged
class Sums:
    """Question q asks for `q // operands + q % operands`; its answer is digits, 0 in front."""

    config: DataConfig

    def __init__(self) -> None:
        questions = np.arange(self.config.num_questions)
        sums = questions // self.config.operands + questions % self.config.operands
        places = 10 ** np.arange(self.config.answer_length)[::-1]
        self.answers = sums[:, None] // places % 10  # (questions, digits)

    def reward(self, questions: Ints, responses: Ints) -> Floats:
        """Return the reward of each response: shape of `questions`."""
        return self.config.reward_fn(responses, self.answers[questions])

    def batch(self, rng: np.random.Generator, size: int) -> Ints:
        """Return `size` questions, drawn with repetition."""
        return rng.integers(self.config.num_questions, size=size)

    def mistakes(self, rng: np.random.Generator, questions: Ints) -> Ints:
        """Answers with one wrong digit each: shape (questions, digits)."""
        rows = np.arange(len(questions))
        places = rng.integers(self.config.answer_length, size=len(questions))
        wrong = self.answers[questions].copy()
        wrong[rows, places] += rng.integers(1, VOCABULARY, size=len(questions))
        return wrong % VOCABULARY


@pconfig
class DataConfig(PConfig[Sums]):
    """The training data."""

    dataset: Name
    """Name of the data set."""
    reward_fn: Callable[[Ints, Ints], Floats]
    """Rewards of responses, given the right answers."""
    operands: Count
    """Numbers from 0 that are added to one another."""
    num_examples: Count
    """Examples in one epoch, drawn from the questions with repetition."""

    @pproperty
    def num_questions(self) -> int:
        """Different questions: ordered pairs of operands."""
        return self.operands**2

    @pproperty
    def answer_length(self) -> int:
        """Tokens of an answer: the digits of the largest sum."""
        return len(str(2 * (self.operands - 1)))


pdefaults += DataConfig(
    dataset="toy/sums", reward_fn=digits_right, operands=10, num_examples=32_768
)
