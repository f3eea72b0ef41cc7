"""Section `policy.sequence_packing`: several short sequences in the place of one long."""

from __future__ import annotations

from typing import Literal

from pconfigs import PConfig, pconfig, pdefaults
from project.posttraining.constraints import Count


@pconfig
class SequencePackingConfig(PConfig):
    """How sequences of unequal length are put together."""

    enabled: bool
    """Pack sequences."""
    algorithm: Literal[
        "concatenative",
        "first_fit_decreasing",
        "first_fit_shuffle",
        "modified_first_fit_decreasing",
    ]
    """How bins are filled."""
    sequence_length_round: Count
    """Lengths are rounded up to a multiple of this, in tokens."""


pdefaults += SequencePackingConfig(
    enabled=True,
    algorithm="modified_first_fit_decreasing",
    sequence_length_round=64,
)
