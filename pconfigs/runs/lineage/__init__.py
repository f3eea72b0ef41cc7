"""Lineage: which artifacts a run produced and consumed, and the graph that they make.

Runs without artifacts load none of the modules that find and log them.
"""

from __future__ import annotations

from pconfigs.deferred import loader_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.runs.lineage import production as production, resolution as resolution

_MODULES = {
    "production": "pconfigs.runs.lineage.production",
    "resolution": "pconfigs.runs.lineage.resolution",
}
__getattr__ = loader_of(__name__, _MODULES)
