"""GPUs of this machine, dealt out to the slots of the local executor."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

VARIABLE = "CUDA_VISIBLE_DEVICES"


def visible_devices() -> list[str]:
    """Return the GPUs that this process may use: by CUDA_VISIBLE_DEVICES, else all there are."""
    given = os.environ.get(VARIABLE)
    if given is not None:
        return [name.strip() for name in given.split(",") if name.strip()]
    try:
        names = os.listdir("/dev")
    except OSError:
        return []
    numbers = sorted(int(name[6:]) for name in names if re.fullmatch(r"nvidia\d+", name))
    return [str(number) for number in numbers]


def deal(devices: Sequence[str], slots: int) -> list[dict[str, str]]:
    """Return the environment of each slot: an equal share of the GPUs, or one that is shared.

    Without GPUs nothing is set. Where there are fewer GPUs than slots, slots share them in turn.
    """
    if not devices:
        return [{} for _ in range(slots)]
    share = max(1, len(devices) // slots)
    return [
        {VARIABLE: ",".join(devices[(slot * share + k) % len(devices)] for k in range(share))}
        for slot in range(slots)
    ]
