"""Reading: runs of a store as objects, found by name, filtered, listed, compared.

Lists of runs neither load configs nor look at sources (20 and 60 ms): one run that is asked does.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.runs.changes import reasons as reasons
    from pconfigs.runs.reading import configs as configs

_MODULES = {
    "configs": "pconfigs.runs.reading.configs",
    "reasons": "pconfigs.runs.changes.reasons",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = __import__(_MODULES[name], fromlist=[name])
    return found
