"""Reading: runs of a store as objects, found by name, filtered, listed, compared.

Lists of runs neither load configs nor look at sources (20 and 60 ms): one run that is asked does.
"""

from __future__ import annotations

from pconfigs.deferred import loader_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.runs.changes import reasons as reasons
    from pconfigs.runs.reading import repeating as repeating

_MODULES = {
    "repeating": "pconfigs.runs.reading.repeating",
    "reasons": "pconfigs.runs.changes.reasons",
}
__getattr__ = loader_of(__name__, _MODULES)
