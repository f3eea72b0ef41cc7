"""Numbers of files: those that no float holds are refused; Python would make them infinite."""

from __future__ import annotations

import re

_LARGE = r"[0-9][eE]\+?[0-9]{3}|[0-9]{300}"


def finite(text: str) -> float:
    """Return the float of a decimal text.

    Raises:
        ValueError: It is larger than any float.
    """
    value = float(text)
    if value - value != 0.0 and text.strip("+-").lower() not in ("inf", "nan"):
        shown = text if len(text) < 40 else f"{text[:37]}..."
        raise ValueError(f"{shown} is larger than any float")
    return value


def may_be_too_large(text: str) -> bool:
    """Return whether any number in a text may be larger than any float."""
    return re.search(_LARGE, text) is not None
