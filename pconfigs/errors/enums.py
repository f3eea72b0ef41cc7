"""Errors of enums: a value that no member has."""

from __future__ import annotations

from pconfigs.errors.base import PConfigError
from pconfigs.errors.formatting import class_name, given_words, listed, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class NoMemberError(PConfigError, ValueError):
    """A value was to be made a member of an enum that has no such member.

    Attributes:
        enum: The enum.
        value: What was given.
    """

    def __init__(self, enum: Any, value: object) -> None:
        self.enum, self.value = enum, value
        values = {str(member.value): repr(member.value) for member in enum}
        meant = nearest(str(value), values)
        advice = f"its values are {listed([*values.values()], most=12)}"
        if meant is not None:
            advice = f"did you mean {values[meant]}?"
        super().__init__(f"no {class_name(enum)} has the value {given_words(value)}", advice)

    def __reduce__(self) -> Any:
        return (type(self), (self.enum, self.value))
