"""The few kinds of number and text that the sections share, and the tie that most of them have."""

from __future__ import annotations

from typing import Annotated

from annotated_types import Ge, Gt, Le, MinLen

Count = Annotated[int, Gt(0)]
Positive = Annotated[float, Gt(0)]
Share = Annotated[float, Gt(0), Le(1)]
NotNegative = Annotated[float, Ge(0)]
Name = Annotated[str, MinLen(1)]


def exact_quotient(**sizes: int) -> int:
    """Return the first size divided by the second; the names are for the message.

    Raises:
        ValueError: the first is not a multiple of the second.
    """
    (whole_name, whole), (part_name, part) = sizes.items()
    if whole % part:
        raise ValueError(f"{whole_name} {whole} is not a multiple of {part_name} {part}")
    return whole // part
