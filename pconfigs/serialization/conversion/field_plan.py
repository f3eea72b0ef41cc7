"""The facts of a field for writing and reading; equality of inputs."""

from __future__ import annotations

from pconfigs.annotations.kinds import ATOMS
from pconfigs.markers import Secret
from pconfigs.schema.equality import same_value
from pconfigs.schema.inheritance import ABSENT
from pconfigs.serialization.conversion.converters import Converter, converter_of

TYPE_CHECKING = False  # every recorded run imports this
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.schema.fields import Field

"""Types whose values Python compares itself."""


class FieldPlan:
    """The facts of a field for writing and reading.

    Attributes:
        index: Its position.
        plain: Whether its value is its input: nothing computes, pins or hides it.
        computed: Whether it is pinned and has a property.
        is_atom: Whether its input is of a type that Python compares itself.
    """

    __slots__ = (
        "computed",
        "converter",
        "field",
        "index",
        "is_atom",
        "name",
        "plain",
        "secret",
        "taken",
    )

    def __init__(self, field: Field) -> None:
        self.field, self.name, self.index = field, field.name, field.index
        self.converter: Converter = converter_of(field.validator)
        self.taken = self.converter.taken
        self.secret = Secret in field.markers
        self.plain = not field.derived and not field.pinned and not self.secret
        self.computed = field.derived and field.pinned and not self.secret
        types = field.validator.types
        self.is_atom = self.plain and bool(types) and types <= ATOMS


def is_same_input(one: Any, other: Any) -> bool:
    """Return whether two inputs are the same, at the cost of an `==` for most."""
    if one is other:
        return True
    if one is ABSENT or other is ABSENT:
        return False
    if type(one) in ATOMS and type(other) in ATOMS:
        return bool(one == other)
    return same_value(one, other)
