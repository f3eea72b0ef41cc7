"""How one value follows from others: exact quotients, and what fills a gap."""

from __future__ import annotations

from typing import Any, TypeVar

from pconfigs import PConfig

SomeConfig = TypeVar("SomeConfig", bound=PConfig[Any])


def exact_quotient(**sizes: int | None) -> int:
    """The first size divided by the second, both given by the names that a message shall use.

    Raises:
        ValueError: the first is not a multiple of the second.
    """
    (whole_name, whole), (part_name, part) = sizes.items()
    if whole is None or part is None or whole % part:
        raise ValueError(f"{whole_name} {whole} is not a multiple of {part_name} {part}")
    return whole // part


def filled(config: SomeConfig, **values: object) -> SomeConfig:
    """`config` with these values for those of its fields that are None."""
    missing = {name: value for name, value in values.items() if getattr(config, name) is None}
    return type(config)(config, **missing) if missing else config
