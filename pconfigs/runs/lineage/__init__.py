"""Lineage: which artifacts a run produced and consumed, and the graph that they make.

Runs that log no artifact do not load what checks and writes them.
"""

from __future__ import annotations

from pconfigs.deferred import loader_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.runs.lineage import consumption as consumption, production as production

_MODULES = {
    "consumption": "pconfigs.runs.lineage.consumption",
    "production": "pconfigs.runs.lineage.production",
}
__getattr__ = loader_of(__name__, _MODULES)
