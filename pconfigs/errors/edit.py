"""Errors of `psetter`: how it is called, and names that are not there to be set."""

from __future__ import annotations

from pconfigs.errors.base import PConfigError
from pconfigs.errors.formatting import class_name, nearest, some

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class SetterUseError(PConfigError, TypeError):
    """`psetter` was called in a way that means nothing."""

    def __init__(self, problem: str, advice: str = "") -> None:
        usage = (
            "psetter(config), psetter(type=SomeConfig) or psetter(type=SomeConfig,"
            " inputs=config) begins, psetter(construct=view) ends"
        )
        super().__init__(f"psetter: {problem}", advice or usage)


class NoSuchFieldError(PConfigError, AttributeError, TypeError):
    """A view of `psetter` was asked for, or given, an unknown name.

    Attributes:
        config_class: The class whose fields are viewed.
        field: The name.
        path: Where the view is, or nothing for the whole.
        suggestion: The field that was probably meant, or None.
    """

    def __init__(self, config_class: type, field: str, path: str, known: Sequence[str]) -> None:
        self.config_class, self.field, self.path = config_class, field, path
        self.suggestion = nearest(field, known)
        name = class_name(config_class)
        at = f" (at {path})" if path else ""
        if self.suggestion is not None:
            advice = f"did you mean {self.suggestion!r}?"
        elif known:
            advice = f"its fields are {some(known)}"
        else:
            advice = "it has no fields"
        super().__init__(f"{name}{at} has no field {field!r}", advice)
