"""Annotations of classes, resolved.

Source text is parsed for the first quoted part and the first refusal (ast, 3 ms).
"""

from __future__ import annotations

from pconfigs.deferred import loader_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.annotations import source_text as source_text

_MODULES = {
    "source_text": "pconfigs.annotations.source_text",
}
__getattr__ = loader_of(__name__, _MODULES)
