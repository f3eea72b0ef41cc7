"""Declaring: decorators and enums that make configs; what only some classes need comes with them.

Declaring is the start of every program, and what comes after it may never be asked for.
"""

from __future__ import annotations

from pconfigs.deferred import loader_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.build import compiled_init as compiled_init
    from pconfigs.declare import building as building, outside_code as outside_code
    from pconfigs.schema import format_history as format_history
    from pconfigs.wrapping import calling as calling

_MODULES = {
    "building": "pconfigs.declare.building",
    "calling": "pconfigs.wrapping.calling",
    "compiled_init": "pconfigs.build.compiled_init",
    "format_history": "pconfigs.schema.format_history",
    "outside_code": "pconfigs.declare.outside_code",
}
__getattr__ = loader_of(__name__, _MODULES)
