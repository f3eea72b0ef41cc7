"""Polars: columns as a DataFrame, and as a Parquet file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pconfigs.clients import imported


def data_frame(columns: Mapping[str, Sequence[Any]], caller: str = "to_polars()") -> Any:
    """Return a DataFrame of columns of equal length.

    A column whose values have no common type is one of strings, written as JSON.

    Raises:
        MissingExtraError: polars is not installed.
    """
    pl = imported("polars", "polars", "results", caller)
    series: list[Any] = []
    for name, values in columns.items():
        try:
            series.append(pl.Series(name, list(values), strict=True))
        except (TypeError, pl.exceptions.PolarsError):
            kept: list[Any]
            numbers = all(isinstance(one, (int, float, type(None))) for one in values)
            if numbers and not any(isinstance(one, bool) for one in values):
                kept = [None if one is None else float(one) for one in values]
            else:
                kept = [one if isinstance(one, str | None) else json.dumps(one) for one in values]
            series.append(pl.Series(name, kept))
    return pl.DataFrame(series)


def write_parquet(columns: Mapping[str, Sequence[Any]], path: str) -> None:
    """Write columns of equal length as a Parquet file.

    Raises:
        MissingExtraError: polars is not installed.
    """
    frame: Any = data_frame(columns, "a Parquet file")
    frame.write_parquet(path)
