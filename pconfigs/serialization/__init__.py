"""Serialization: configs as plain data and files, and back.

Data is laid over a config where a base is given (ast, inspect).
"""

from __future__ import annotations

from pconfigs.deferred import loader_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.serialization import overlay as overlay

_MODULES = {
    "overlay": "pconfigs.serialization.overlay",
}
__getattr__ = loader_of(__name__, _MODULES)
