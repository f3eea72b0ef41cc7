"""Reading: which attributes the code of a property reads, on its config or on anything else.

What is decided here from code alone only narrows what was recorded; where it is in doubt, it says
yes.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import is_sequence
from pconfigs.schema.attribute_reads import mentioned_names, scan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

LOADS = ("LOAD_ATTR", "LOAD_METHOD")


def reads_elsewhere(function: Callable[..., Any], name: str) -> bool:
    """Whether code reads an attribute `name` on anything but its first argument: `given.name`.

    A keyword `name=…` of a call is none.
    """
    from dis import get_instructions

    pending = [function.__code__]
    first = pending[0].co_varnames[:1]
    while pending:
        code = pending.pop()
        before: Any = None
        if name in code.co_names:
            for instruction in get_instructions(code):
                if instruction.opname in LOADS and instruction.argval == name:
                    owner = before if is_sequence(before) else (before,)
                    if owner[-1:] != first:
                        return True
                before = instruction.argval
        pending.extend(constant for constant in code.co_consts if hasattr(constant, "co_names"))
    return False


def ignores_input(function: Callable[..., Any], name: str) -> bool:
    """Whether the property `name` surely does nothing with what is given for its field.

    Else it would mention its own name or `pinputs`, or hand its config to somebody.
    """
    mentioned = mentioned_names(function.__code__)
    return scan(function).certain and name not in mentioned and "pinputs" not in mentioned


def mentions(function: Callable[..., Any], name: str) -> bool:
    """Whether code has `name` in it, as an attribute or as a text."""
    return name in mentioned_names(function.__code__)
