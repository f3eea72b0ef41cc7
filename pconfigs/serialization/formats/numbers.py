"""Numbers of files that may be larger than any float; Python would make them infinite."""

from __future__ import annotations

import re

_LARGE = r"[0-9][eE]\+?[0-9]{3}|[0-9]{300}"


def may_be_too_large(text: str) -> bool:
    """Return whether any number in a text may be larger than any float."""
    return re.search(_LARGE, text) is not None
