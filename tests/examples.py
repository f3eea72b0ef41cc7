"""How many random examples a property gets: a quarter, or all with PCONFIGS_EXAMPLES=all (CI)."""

import os

ALL = os.environ.get("PCONFIGS_EXAMPLES") == "all"


def examples(count: int = 100) -> int:
    """Return how many of `count` examples are tried in this run."""
    return count if ALL else max(count // 4, 1)
