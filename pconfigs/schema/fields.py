"""Fields: the declared names of a config class."""

from __future__ import annotations

from pconfigs.markers import Pinned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.markers import Marker
    from pconfigs.schema.properties import pproperty
    from pconfigs.validation.factory import Validator


class Field:
    """One declared name of a config class.

    Attributes:
        name: Its name, which is also the keyword.
        index: Its position among the fields of the class.
        owner: The class that declares it.
        annotation: The annotation as written: text, or the object it is where annotations are not
            postponed.
        hint: The annotation without markers; its text where a name in it cannot be
            resolved.
        markers: `Pinned`, `NoEffect`, … found on the annotation.
        property: What computes its value, if anything does.
        derived: Whether a property computes the value.
        validator: Decides which values fit.
        pinned: Whether users cannot set it.
        takes_input: Whether it has a property that makes its value of what is given.
    """

    __slots__ = (
        "annotation",
        "derived",
        "hint",
        "index",
        "markers",
        "name",
        "owner",
        "pinned",
        "property",
        "takes_input",
        "validator",
    )

    def __init__(
        self,
        name: str,
        index: int,
        owner: type,
        annotation: Any,
        hint: Any,
        markers: frozenset[Marker],
        computed_by: pproperty | None,
        validator: Validator,
    ) -> None:
        self.name = name
        self.index = index
        self.owner = owner
        self.annotation = annotation
        self.hint = hint
        self.markers = markers
        self.property = computed_by
        self.derived = computed_by is not None
        self.validator = validator
        self.pinned = Pinned in markers
        self.takes_input = computed_by is not None and not self.pinned

    def __repr__(self) -> str:
        return f"<field {self.owner.__qualname__}.{self.name}: {self.validator.description}>"
