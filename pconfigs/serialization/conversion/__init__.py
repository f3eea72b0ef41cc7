"""Conversion: values as plain data and back, by the validators of their fields.

Writers are compiled where many configs are written, which a recorded run does not do.
"""

from __future__ import annotations

from pconfigs.deferred import loader_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.serialization.conversion import compiled_writer as compiled_writer

_MODULES = {
    "compiled_writer": "pconfigs.serialization.conversion.compiled_writer",
}
__getattr__ = loader_of(__name__, _MODULES)
