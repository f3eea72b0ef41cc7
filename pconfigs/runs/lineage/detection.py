"""Whether a run has artifacts to consume; every `run` asks this, so it imports next to nothing."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

PLANNED = "consumed"
"""What a `run` section of a file was resolved to, in run.json."""
_ARTIFACTS = "pconfigs.artifacts.artifact"


def has_artifacts(config: Any) -> bool:
    """Return whether a config has artifacts that are not part of an experiment it refers to."""
    if _ARTIFACTS not in sys.modules:
        return False  # no class of theirs can have been defined
    from pconfigs.artifacts.resolve import artifacts_in

    return any(True for _ in artifacts_in(config))


def consumes(config: Any, facts: Mapping[str, Any]) -> bool:
    """Return whether a run with these facts in run.json consumes artifacts."""
    return PLANNED in facts or has_artifacts(config)
