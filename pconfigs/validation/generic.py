"""Validate configs of generic classes against the arguments of the class."""

from __future__ import annotations

from pconfigs.annotations.resolve import bindings_of
from pconfigs.annotations.typing_forms import substituted
from pconfigs.errors.formatting import class_name
from pconfigs.markers import is_deferred
from pconfigs.validation.base import ClassValidator, InvalidValue, Validator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class GenericConfig(ClassValidator):
    """A config of a generic class whose values fit the arguments: `Range[int]`.

    Attributes:
        arguments: What the type variables of the class mean.
        validator_for: Returns the validator of a type, with what its type variables mean.
    """

    def __init__(
        self,
        cls: Any,
        arguments: tuple[Any, ...],
        validator_for: Callable[[Any, dict[Any, Any]], Validator],
    ) -> None:
        super().__init__(cls)
        self.validator_for = validator_for
        self.arguments = dict(zip(cls.__parameters__, arguments, strict=False))
        shown = ", ".join(getattr(one, "__qualname__", None) or repr(one) for one in arguments)
        self.description = f"{class_name(cls)}[{shown}]"
        self.types, self.must_inspect = frozenset(), True
        self._known: dict[type, dict[str, Validator]] = {}

    def validate(self, value: Any) -> Any:
        try:
            value = super().validate(value)
        except InvalidValue as invalid:
            invalid.expected = self.description
            raise
        if hasattr(type(value), "__pconfig_schema__"):
            for name, validator in self.validators_for(type(value)).items():
                try:
                    self.validate_field(value, name, validator)
                except InvalidValue as invalid:
                    raise invalid.inside(f".{name}") from None
        return value

    def validate_field(self, config: Any, name: str, validator: Validator) -> None:
        """Raise InvalidValue where the value of a field does not fit the arguments."""
        value = getattr(config, name, None)
        if is_deferred(value) or type(value) in validator.types:
            return
        validator.validate(value)

    def validators_for(self, cls: type) -> dict[str, Validator]:
        """Return the validators of those fields of a class that depend on the arguments."""
        known = self._known.get(cls)
        if known is None:
            known = self._known[cls] = dict(self._validators(cls))
        return known

    def _validators(self, cls: Any) -> Any:
        origin: Any = self.cls
        for name, field in cls.__pconfig_schema__.fields.items():
            if field.owner not in origin.__mro__:
                continue  # what a derived class declares has variables of its own
            bound = self.arguments
            if field.owner is not origin:
                # A variable may have another meaning in the ancestor.
                own = bindings_of(origin, field.owner)
                bound = {key: substituted(value, self.arguments) for key, value in own.items()}
            if substituted(field.hint, bound) is not field.hint:
                yield name, self.validator_for(field.hint, bound)
