"""The few kinds of number and text that the sections share."""

from __future__ import annotations

from typing import Annotated

from annotated_types import Ge, Gt, Le, MinLen

Count = Annotated[int, Gt(0)]
Positive = Annotated[float, Gt(0)]
Share = Annotated[float, Gt(0), Le(1)]
NotNegative = Annotated[float, Ge(0)]
Name = Annotated[str, MinLen(1)]
