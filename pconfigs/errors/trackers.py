"""Errors of trackers."""

from __future__ import annotations

from pconfigs.errors.base import PConfigError


class TrackerError(PConfigError, ValueError):
    """A tracker that does not exist, or that could not be sent what a run contains."""
