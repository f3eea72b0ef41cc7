"""A value that does not fit the argument of a generic config."""

from pconfigs import pconfig
from pconfigs.pinnable import PConfig


@pconfig
class RangeConfig[T: (int, float)](PConfig):
    low: T
    high: T


@pconfig
class SearchConfig(PConfig):
    steps: RangeConfig[int]


search: SearchConfig = SearchConfig(steps=RangeConfig[int](low="one", high=2))  # wrong: mypy[arg-type] pyright[reportArgumentType]
steps: str = search.steps.low  # wrong: mypy[assignment] pyright[reportAssignmentType]
