"""Trees: configs in configs, walked, edited and compared.

What properties read is looked up where something is missing.
"""

from __future__ import annotations

from pconfigs.deferred import loader_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.tree import property_reads as property_reads

_MODULES = {
    "property_reads": "pconfigs.tree.property_reads",
}
__getattr__ = loader_of(__name__, _MODULES)
