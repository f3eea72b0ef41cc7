"""Arithmetic in data: the resolvers `${mul:a,b}`, `${max:a,b,c}` and the like.

Projects register these names with the usual meaning; OmegaConf has none of them.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import reduce, wraps
from typing import Any

from pconfigs.errors.base import Problem
from pconfigs.errors.serialization import LoadError

MOST_BITS = 15_000
"""Of an integer: about 4,500 digits, a few more than Python converts to text."""


def _operation(of: Callable[..., Any], *, is_text_allowed: bool = False) -> Callable[..., Any]:
    """Return an operation that refuses all but numbers: 2 times "4" would be "44"."""

    @wraps(of)
    def checked(*values: Any) -> Any:
        if not (is_text_allowed and all(isinstance(value, str) for value in values)):
            for value in values:
                if isinstance(value, bool) or not isinstance(value, (int, float)):
                    raise LoadError([Problem("", f"must be a number, got {value!r}")])
        made = of(*values)
        if isinstance(made, int) and made.bit_length() > MOST_BITS:
            raise LoadError([Problem("", "the result has more than 4,500 digits")])
        return made

    return checked


def _sum(first: Any, second: Any, *others: Any) -> Any:
    return reduce(operator.add, others, first + second)


def _product(first: Any, second: Any, *others: Any) -> Any:
    return reduce(operator.mul, others, first * second)


ARITHMETIC: dict[str, Callable[..., Any]] = {
    "add": _operation(_sum, is_text_allowed=True),
    "sub": _operation(operator.sub),
    "mul": _operation(_product),
    "div": _operation(operator.truediv),
    "floordiv": _operation(operator.floordiv),
    "int": _operation(int),
    "min": _operation(lambda *values: min(values)),
    "max": _operation(lambda *values: max(values)),
}
