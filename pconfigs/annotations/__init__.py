"""Annotations of classes, resolved.

Text is read for the first quoted part and the first refusal (ast, 3 ms).
"""

from __future__ import annotations

from pconfigs.deferred import loader_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.annotations import quotes as quotes

_MODULES = {
    "quotes": "pconfigs.annotations.quotes",
}
__getattr__ = loader_of(__name__, _MODULES)
