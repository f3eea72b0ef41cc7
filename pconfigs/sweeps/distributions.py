"""Distributions: what the values of a sweep are drawn from, and where a search looks for them."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from pconfigs.errors.formatting import given_words
from pconfigs.errors.runs import DistributionError

T = TypeVar("T")


class Distribution(Generic[T]):
    """A distribution of values; two with the same arguments are equal, and none ever changes."""

    __slots__ = ("_arguments",)

    def __init__(self, *arguments: Any) -> None:
        self._arguments = arguments

    def sample(self, count: int, *, seed: int) -> list[T]:
        """Draw values; the same `count` and `seed` give the same values on every machine.

        Args:
            count: How many, at least 1. The first n of m > n values are those of `sample(n)`.
            seed: Any integer.
        """
        for name, value, least in (("count", count, 1), ("seed", seed, None)):
            if not isinstance(value, int) or isinstance(value, bool):
                raise DistributionError(f"{name} must be an integer, got {given_words(value)}")
            if least is not None and value < least:
                raise DistributionError(f"{name} must be at least {least}, got {value}")
        source = random.Random(seed)
        return [self.at(source.random()) for _ in range(count)]

    def at(self, quantile: float) -> T:
        """Return the value below which a fraction `quantile` of [0, 1) of all draws lies."""
        raise NotImplementedError(type(self).__name__)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._arguments == other._arguments

    def __hash__(self) -> int:
        return hash((type(self), self._arguments))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self._arguments))})"

    def _number(self, name: str, value: object) -> float:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            raise DistributionError(
                f"{type(self).__name__}: {name} must be a number, got {given_words(value)}"
            )
        if not math.isfinite(value):
            raise DistributionError(f"{type(self).__name__}: {name} must be finite, got {value!r}")
        return value

    def _range(self, low: object, high: object) -> tuple[float, float]:
        first, last = self._number("low", low), self._number("high", high)
        if not first < last:
            raise DistributionError(
                f"{type(self).__name__}: high must be greater than low ({low!r}), got {high!r}"
            )
        return first, last


class Uniform(Distribution[float]):
    """Floats in [low, high), each as likely as any other."""

    __slots__ = ("high", "low")

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = self._range(low, high)
        super().__init__(low, high)

    def at(self, quantile: float) -> float:
        return self.low + (self.high - self.low) * quantile


class LogUniform(Distribution[float]):
    """Floats in [low, high) whose logarithms are uniform: each factor of ten is equally likely."""

    __slots__ = ("high", "low")

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = self._range(low, high)
        if self.low <= 0:
            raise DistributionError(f"LogUniform: low must be greater than 0, got {low!r}")
        super().__init__(low, high)

    def at(self, quantile: float) -> float:
        first, last = math.log(self.low), math.log(self.high)
        # exp and log round: an end of the range could be passed by its last digit.
        return min(max(math.exp(first + (last - first) * quantile), self.low), self.high)


class Normal(Distribution[float]):
    """Floats of a normal distribution, by the inverse of its distribution function."""

    __slots__ = ("mean", "std")

    def __init__(self, mean: float, std: float) -> None:
        self.mean, self.std = self._number("mean", mean), self._number("std", std)
        if self.std <= 0:
            raise DistributionError(f"Normal: std must be greater than 0, got {std!r}")
        super().__init__(mean, std)

    def at(self, quantile: float) -> float:
        from statistics import NormalDist

        # Every quantile of [0, 1) has a value, and the function has none at 0.
        return NormalDist(self.mean, self.std).inv_cdf(min(max(quantile, 1e-16), 1 - 1e-16))


class Integers(Distribution[int]):
    """Integers from low to high, both included.

    Args:
        low: The least value.
        high: The greatest value.
        log: Whether each factor of ten is equally likely; `low` must be at least 1 then.
    """

    __slots__ = ("high", "log", "low")

    def __init__(self, low: int, high: int, *, log: bool = False) -> None:
        for name, value in (("low", low), ("high", high)):
            if not isinstance(value, int) or isinstance(value, bool):
                raise DistributionError(
                    f"Integers: {name} must be an integer, got {given_words(value)}"
                )
        self._range(low, high)
        if log and low < 1:
            raise DistributionError(f"Integers: low must be at least 1 with log=True, got {low!r}")
        self.low, self.high, self.log = low, high, log
        super().__init__(low, high, log)

    def at(self, quantile: float) -> int:
        if self.log:
            # Each integer has the factors that round to it, those at the ends as the others.
            first, last = math.log(self.low - 0.5), math.log(self.high + 0.5)
            value = round(math.exp(first + (last - first) * quantile))
        else:
            value = self.low + int((self.high - self.low + 1) * quantile)
        return min(max(value, self.low), self.high)

    def __repr__(self) -> str:
        return f"Integers({self.low}, {self.high}{', log=True' if self.log else ''})"


class Choice(Distribution[T]):
    """One of some values, each as likely as any other."""

    __slots__ = ("values",)

    def __init__(self, values: Iterable[T]) -> None:
        if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
            raise DistributionError(
                f"Choice: values must be a list of values, got {given_words(values)}"
            )
        self.values: tuple[T, ...] = tuple(values)
        if not self.values:
            raise DistributionError("Choice: values must have at least one value, got none")
        super().__init__(list(self.values))

    def at(self, quantile: float) -> T:
        return self.values[min(int(len(self.values) * quantile), len(self.values) - 1)]

    def __hash__(self) -> int:
        return hash((Choice, len(self.values)))
