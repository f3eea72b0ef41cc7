"""Whether a config has artifacts; every `run` asks this, so it imports next to nothing."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ARTIFACTS = "pconfigs.artifacts.artifact"


def has_artifacts(config: Any) -> bool:
    """Return whether a config has artifacts that are not part of an experiment it refers to."""
    if _ARTIFACTS not in sys.modules:
        return False  # no class of theirs can have been defined
    from pconfigs.artifacts.resolve import artifacts_in

    return any(True for _ in artifacts_in(config))
