"""Provenance: which line of which file set a value.

A place is made for every config; source is read for the first that is shown (ast, tokenize and
linecache, 10 ms).
"""

from __future__ import annotations

from pconfigs.deferred import loader_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.provenance import source_reading as source_reading

_MODULES = {
    "source_reading": "pconfigs.provenance.source_reading",
}
__getattr__ = loader_of(__name__, _MODULES)
