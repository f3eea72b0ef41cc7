"""Type parameters in brackets, and annotations that are evaluated late without being told to."""

from pconfigs import Pinned, pconfig, pproperty
from pconfigs.pinnable import PConfig


@pconfig
class RangeConfig[T: (int, float)](PConfig):
    low: T
    high: T
    both: Pinned[tuple[T, T]]

    @pproperty
    def both(self) -> tuple[T, T]:
        return (self.low, self.high)


@pconfig
class SearchConfig(PConfig):
    rate: RangeConfig[float]
    steps: RangeConfig[int]


low: RangeConfig[int] = RangeConfig[int](low=1, high=2, both=Pinned)
rate: RangeConfig[float] = RangeConfig[float](low=0.1, high=0.2, both=Pinned)
search: SearchConfig = SearchConfig(rate=rate, steps=low)
value: float = search.rate.low
pair: tuple[int, int] = search.steps.both
