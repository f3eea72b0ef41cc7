"""Configs with a type parameter."""

from __future__ import annotations

from typing import Generic, TypeVar

from pconfigs import pconfig
from pconfigs.pinnable import PConfig

T = TypeVar("T", int, float)


@pconfig
class RangeConfig(PConfig, Generic[T]):
    low: T
    high: T


@pconfig
class SearchConfig(PConfig):
    rate: RangeConfig[float]


low: RangeConfig[int] = RangeConfig[int](low=1, high=2)
search: SearchConfig = SearchConfig(rate=RangeConfig[float](low=0.1, high=0.2))
rate: float = search.rate.low
