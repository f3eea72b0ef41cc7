"""Pandas: columns as a DataFrame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pconfigs.errors.base import MissingExtraError


def data_frame(columns: Mapping[str, Sequence[Any]]) -> Any:
    """Return a DataFrame of columns of equal length.

    Raises:
        MissingExtraError: pandas is not installed.
    """
    try:
        from pandas import DataFrame  # type: ignore[import-untyped, unused-ignore]
    except ImportError as error:
        raise MissingExtraError("pandas", "results", "to_pandas()") from error
    return DataFrame(dict(columns))
