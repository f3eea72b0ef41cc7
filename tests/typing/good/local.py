"""Classes that are local to a function."""

from __future__ import annotations

from pconfigs import pconfig, pconfiged
from pconfigs.pinnable import PConfig, Pinned, pproperty


def count() -> int:
    @pconfiged
    class Counter:
        config: CounterConfig

    @pconfig(constructs=Counter)
    class CounterConfig(PConfig[Counter]):
        start: int
        end: Pinned[int]

        @pproperty
        def end(self) -> int:
            return self.start + 1

    config: CounterConfig = CounterConfig(start=3, end=Pinned)
    counter: Counter = config.construct()
    return counter.config.end
