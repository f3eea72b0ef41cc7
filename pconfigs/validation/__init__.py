"""Validation: what annotations ask of values, and containers that cannot change.

Containers of other kinds than list, dict, set and tuple are seldom (collections, 3 ms), and so are
arrays.
"""

from __future__ import annotations

from pconfigs.deferred import loader_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.validation import (
        frozen_arrays as frozen_arrays,
        frozen_collections as frozen_collections,
    )

_MODULES = {
    "frozen_arrays": "pconfigs.validation.frozen_arrays",
    "frozen_collections": "pconfigs.validation.frozen_collections",
}
__getattr__ = loader_of(__name__, _MODULES)
