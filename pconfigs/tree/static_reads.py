"""Static reads: what the code of a property shows of what it reads."""

from __future__ import annotations

from pconfigs.schema.attribute_reads import mentioned_names, scan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def ignores_input(function: Callable[..., Any], name: str) -> bool:
    """Return whether the property `name` surely does nothing with what is given for its field.

    If it did, its code would mention its own name or `pinputs`, or pass its config on.
    """
    mentioned = mentioned_names(function.__code__)
    return scan(function).certain and name not in mentioned and "pinputs" not in mentioned
