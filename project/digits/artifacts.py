"""Artifacts: what runs of the digits system leave for one another."""

from __future__ import annotations

from pconfigs import PArtifact, pconfig


@pconfig
class Images(PArtifact):
    """Images and labels in one `.npz` file: `images` (count, 8, 8) in [0, 1], `labels` (count,)."""

    count: int
    """Images in the file."""


@pconfig
class TrainedModel(PArtifact):
    """The parameters of a trained model in one `.npz` file, in the order of its layers."""

    accuracy: float
    """On the test images, at the end of the training."""
