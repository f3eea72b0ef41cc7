"""Capture: facts about the code, the machine and the process of an attempt.

Followers of trackers are loaded by the first run that has a tracker.
"""

from __future__ import annotations

from pconfigs.deferred import loader_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.runs.capture import followers as followers

_MODULES = {
    "followers": "pconfigs.runs.capture.followers",
}
__getattr__ = loader_of(__name__, _MODULES)
