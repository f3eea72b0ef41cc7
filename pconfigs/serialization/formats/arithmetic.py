"""Arithmetic in data: the resolvers `${mul:a,b}`, `${max:a,b,c}` and the like, on numbers alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pconfigs.errors.serialization import LoadError, LoadProblem


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise LoadError([LoadProblem("", f"must be a number, got {value!r}")])
    return value


def _product(one: Any, other: Any) -> Any:
    return _number(one) * _number(other)


def _sum(one: Any, other: Any) -> Any:
    return _number(one) + _number(other)


def _difference(one: Any, other: Any) -> Any:
    return _number(one) - _number(other)


def _quotient(one: Any, other: Any) -> Any:
    return _number(one) / _number(other)


def _whole(value: Any) -> int:
    return int(_number(value))


def _least(*values: Any) -> Any:
    return min(map(_number, values))


def _greatest(*values: Any) -> Any:
    return max(map(_number, values))


ARITHMETIC: dict[str, Callable[..., Any]] = {
    "mul": _product, "add": _sum, "sub": _difference, "div": _quotient,
    "int": _whole, "min": _least, "max": _greatest,
}  # fmt: skip
