"""The one derived value of the trainer example that is more than a product."""

import math


def cosine(base_lr: float, steps: int, ratio: float) -> list[float]:
    """Rates from `base_lr` down to `base_lr * ratio`, along half a cosine."""
    if steps <= 0 or not 0 <= ratio <= 1:
        raise ValueError("Bad lr_schedule.")
    low = base_lr * ratio
    return [
        low + (base_lr - low) * (1 + math.cos(math.pi * step / max(1, steps - 1))) / 2
        for step in range(steps)
    ]
