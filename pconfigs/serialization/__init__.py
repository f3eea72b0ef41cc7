"""Serialization: configs as plain data and files, and back.

Data is laid over a config where a base is given (ast, inspect). Files are read and written
where one is named.
"""

from __future__ import annotations

from pconfigs.deferred import loader_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.serialization import overlay as overlay, save as save

_MODULES = {
    "overlay": "pconfigs.serialization.overlay",
    "save": "pconfigs.serialization.save",
}
__getattr__ = loader_of(__name__, _MODULES)
