"""Pandas: columns as a DataFrame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pconfigs.clients import imported


def data_frame(columns: Mapping[str, Sequence[Any]]) -> Any:
    """Return a DataFrame of columns of equal length.

    Raises:
        MissingExtraError: pandas is not installed.
    """
    return imported("pandas", "pandas", "results", "to_pandas()").DataFrame(dict(columns))
