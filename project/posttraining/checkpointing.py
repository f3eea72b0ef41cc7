"""Section `checkpointing`: which states of a policy are kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from pconfigs import PConfig, pcheck, pconfig, pconfiged, pdefaults
from project.posttraining.constraints import Count, Name
from project.posttraining.tabular import Floats


@pconfiged
class Checkpointer:
    """Keeps the best states of a run, or all of them without a metric."""

    config: CheckpointingConfig

    def __init__(self) -> None:
        self.kept: list[tuple[float, Path]] = []

    def save(self, step: int, weights: Floats, metrics: Mapping[str, float]) -> None:
        """Write the `weights` after `step`, if enabled; remove what is no longer kept."""
        config = self.config
        if not config.enabled:
            return
        path = Path(config.checkpoint_dir or "results", f"step_{step}.npy")
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, weights)
        if config.metric_name is None:
            return
        sign = 1 if config.higher_is_better else -1
        self.kept.append((sign * metrics[config.metric_name], path))
        if config.keep_top_k is not None and len(self.kept) > config.keep_top_k:
            worst = min(self.kept, key=lambda kept: kept[0])
            self.kept.remove(worst)
            worst[1].unlink()


@pconfig
class CheckpointingConfig(PConfig[Checkpointer]):
    """Which states are saved, how often, and how many are kept."""

    enabled: bool
    """Save checkpoints."""
    checkpoint_dir: Name | None
    """Save directory; None for one named after the algorithm."""
    metric_name: Name | None
    """Metric that ranks checkpoints, such as `val:accuracy`; None where all are kept."""
    higher_is_better: bool
    """Whether a higher metric is better."""
    keep_top_k: Count | None
    """Checkpoints that stay, the best ones; None for all."""
    save_period: Count
    """Steps from one checkpoint to the next; the last step is saved, too."""

    @pcheck
    def best_is_defined(self) -> None:
        """Keeping the best needs a metric to rank by."""
        if self.keep_top_k is not None and self.metric_name is None:
            raise ValueError(
                f"keep_top_k {self.keep_top_k} needs a metric_name to rank checkpoints by"
            )


pdefaults += CheckpointingConfig(
    enabled=True,
    checkpoint_dir=None,
    metric_name="val:accuracy",
    higher_is_better=True,
    keep_top_k=3,
    save_period=10,
)
