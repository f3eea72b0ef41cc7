"""Lineage: which artifacts a run produced and consumed, and the graph that they make.

Runs without artifacts load none of the modules that find and log them.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.runs.lineage import production as production, resolution as resolution

_MODULES = {
    "production": "pconfigs.runs.lineage.production",
    "resolution": "pconfigs.runs.lineage.resolution",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = __import__(_MODULES[name], fromlist=[name])
    return found
