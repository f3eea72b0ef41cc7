"""Validators of single values, and the base of all validators.

A value of exactly one of `validator.types` fits whatever it is; this decides nearly everything, and
lists of 10,000 numbers at the speed of C. For the rest there is `validator.validate(value)`.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import SCALARS, is_enum_class
from pconfigs.annotations.pep649 import written
from pconfigs.errors.formatting import class_name, listed, type_words
from pconfigs.validation import suggestions as advice
from pconfigs.validation.frozen import DEEPEST, freeze, holds_values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

GenericAlias = type(list[int])
_NEVER_CONFIGS = frozenset(
    {"datetime", "decimal", "fractions", "pathlib", "pathlib._local", "re", "uuid"}
)


class InvalidValue(Exception):
    """A value that does not fit.

    Attributes:
        path: Where inside the value: `[2]`, `['k']`, or nothing.
        value: The value there.
        expected: What would fit, in words.
        suggestion: The value that was probably meant, or what to do, or "".
        constraint: Whether the type is right and a rule (a constraint, a literal) is broken.
    """

    def __init__(
        self,
        path: str,
        value: Any,
        expected: str,
        suggestion: advice.Suggestion | str = "",
        constraint: bool = False,
    ) -> None:
        super().__init__(expected)
        self.value, self.expected, self.suggestion = value, expected, suggestion
        self.path, self.constraint = path, constraint

    @property
    def advice(self) -> str:
        """The advice in words."""
        return str(self.suggestion)

    def checked_by(self, validator: Validator) -> InvalidValue:
        """Return this, without its suggestion where a validator refuses the suggested value."""
        if isinstance(self.suggestion, advice.Suggestion) and not self.path:
            try:
                validator.validate(self.suggestion.value)
            except Exception:
                self.suggestion = ""
        return self

    def inside(self, suffix: str) -> InvalidValue:
        """Return the same mismatch, seen from the container that has it at `suffix`."""
        self.path = suffix + self.path
        return self


class Validator:
    """The rule that a value must satisfy.

    Attributes:
        types: Values of exactly one of these types fit as they are, whatever the value.
        must_inspect: Whether other values have to be looked at, too.
        description: The hint in words.
        never_holds_configs: Whether no config can be anywhere inside a fitting value.
        instances: The classes whose instances fit.
        mentions: The classes that the hint names, but for instances.
        literals: The values that fit, where they are listed.
        names_objects: Whether classes or functions fit, which are written by their names.
        containers: The containers that fit: the type of each, and its validator.
        inside: The validators of what is in containers.
    """

    types: frozenset[type] = frozenset()
    must_inspect = True
    description = "anything"
    never_holds_configs = False
    instances: tuple[type, ...] = ()
    mentions: tuple[type, ...] = ()
    literals: tuple[Any, ...] = ()
    names_objects = False
    containers: tuple[tuple[type, Validator], ...] = ()
    inside: tuple[Validator, ...] = ()

    def choices(self) -> tuple[Validator, ...]:
        """Return the validators that decide in the place of this one; none where it decides."""
        return ()

    def item_at(self, container: Any, key: Any) -> Validator:
        """Return the validator of the item at `key` of a container that fits."""
        return ANY

    def validate(self, value: Any) -> Any:
        """Return the value to hold: `value` itself, or a read-only copy of it.

        Raises:
            InvalidValue: `value` does not fit.
        """
        raise NotImplementedError(type(self).__name__)

    def refusal(self, value: Any, suggestion: advice.Suggestion | str) -> InvalidValue:
        """Return the error for a value that does not fit; a suggestion is kept where it does."""
        return InvalidValue("", value, self.description, suggestion).checked_by(self)

    def __repr__(self) -> str:
        return f"<validator of {self.description}>"


class AnyValidator(Validator):
    """Everything fits."""

    types = SCALARS

    def __init__(self, description: str = "anything") -> None:
        self.description = description

    def validate(self, value: Any) -> Any:
        return frozen(value)


ANY = AnyValidator()


def frozen(value: Any) -> Any:
    """Return a value with all in it read-only.

    Raises:
        InvalidValue: It contains itself or too many others in one another, or something that cannot
            be held read-only.
    """
    try:
        return freeze(value, DEEPEST)
    except RecursionError:
        raise InvalidValue(
            "", value, f"a value nested at most {DEEPEST} deep", constraint=True
        ) from None
    except ValueError as error:
        expected = getattr(error, "expected", "a value that does not contain itself")
        hint = getattr(error, "advice", str(error))
        raise InvalidValue("", value, expected, hint, constraint=True) from None


class ClassValidator(Validator):
    """An instance of a class fits."""

    must_inspect = False

    def __init__(self, cls: type, also: Iterable[type] = (), description: str = "") -> None:
        self.cls = cls
        self.types = frozenset({cls, *also})
        self.accepted = tuple(self.types)
        self.no_bool = bool not in self.types and cls in (int, float, complex)
        name = "None" if cls is type(None) else type_words(cls)
        self.description = description or getattr(cls, "__pconfig_words__", name)
        self.never_holds_configs = (
            cls in SCALARS or cls.__module__ in _NEVER_CONFIGS or is_enum_class(cls)
        )
        if holds_values(cls):
            self.types, self.must_inspect = frozenset(), True
        self.instances = tuple(self.types) or (cls,)

    def validate(self, value: Any) -> Any:
        if _is_instance(value, self.accepted) and not (self.no_bool and isinstance(value, bool)):
            if self.cls is bytearray:
                return bytes(value)
            if hasattr(type(value), "__pconfig_complete__"):
                return value.__pconfig_complete__()
            if self.cls in _PLAIN and type(value) not in _PLAIN:
                return _plain(value)
            return frozen(value) if holds_values(type(value)) else value
        if self.cls is bytearray and type(value) is bytes:
            return value
        raise self.refusal(value, advice.for_class(self.cls, value))


_PLAIN = (float, int, str, bytes, bool)


def _plain(value: Any) -> Any:
    """Return the plain number or text that a value of a subclass equals, as numpy's floats do."""
    if is_enum_class(type(value)):
        return value
    base: Any = next(kind for kind in _PLAIN if isinstance(value, kind))
    plain = base(value)
    return plain if type(plain) is base and (plain == value or plain != plain) else value


class TypeValidator(Validator):
    """A class that is a subclass of one of some fits."""

    names_objects = True

    def __init__(self, bases: tuple[type, ...] | None, description: str) -> None:
        self.bases, self.description = bases, description
        self.mentions = bases or ()
        self.never_holds_configs = True
        if bases is None:
            self.types = frozenset({type})

    def validate(self, value: Any) -> Any:
        if isinstance(value, type) and type(value) is not GenericAlias:
            try:
                if self.bases is None or issubclass(value, self.bases):
                    return value
            except TypeError:
                return value  # a protocol that cannot be asked
        raise self.refusal(value, advice.for_type(self.bases, value))


class CallableValidator(Validator):
    """Accept any callable."""

    types = frozenset({type(lambda: None), type(len), type})
    names_objects = True
    description = "callable"

    def validate(self, value: Any) -> Any:
        if callable(value):
            return value
        raise InvalidValue("", value, self.description, advice.for_callable(value))


class LiteralValidator(Validator):
    """One of some values fits."""

    def __init__(self, values: tuple[Any, ...]) -> None:
        self.values = self.literals = values
        self.instances = tuple(map(type, values))
        self.description = " or ".join(map(advice.code_of, values))
        self.never_holds_configs = True

    def validate(self, value: Any) -> Any:
        kind = type(value)
        for known in self.values:
            if type(known) is kind and known == value:
                return value
        same_type = any(type(known) is kind for known in self.values)
        raise InvalidValue(
            "",
            value,
            self.description,
            advice.for_literal(self.values, value),
            constraint=same_type,
        )


class ExactValue(Validator):
    """One value fits: the default of a parameter whose annotation has another type."""

    def __init__(self, value: Any) -> None:
        self.value = value
        self.description = advice.code_of(value)

    def validate(self, value: Any) -> Any:
        same = type(value) is type(self.value) and advice.are_equal(value, self.value)
        if value is self.value or same:
            return value
        raise InvalidValue("", value, self.description)


class UnionValidator(Validator):
    """Accept a value that one of several validators accepts."""

    def __init__(self, members: tuple[Validator, ...]) -> None:
        self.members = members
        self.types = frozenset().union(*(member.types for member in members))
        self.must_inspect = any(member.must_inspect for member in members)
        self.description = " or ".join(dict.fromkeys(member.description for member in members))
        self.never_holds_configs = all(member.never_holds_configs for member in members)

    def choices(self) -> tuple[Validator, ...]:
        return self.members

    def item_at(self, container: Any, key: Any) -> Validator:
        fitting = (
            one for one in self.members if type(_attempt(one, container)) is not InvalidValue
        )
        return next(fitting, ANY).item_at(container, key)

    def validate(self, value: Any) -> Any:
        if type(value) in self.types:
            return value
        met: list[InvalidValue] = []
        for member in self.members:
            taken = _attempt(member, value)
            if type(taken) is not InvalidValue:
                return taken
            met.append(taken)
        inner = [mismatch for mismatch in met if mismatch.path]
        if len(inner) == 1:
            raise inner[0]
        broken = [mismatch for mismatch in met if mismatch.constraint]
        said = next((one.suggestion for one in broken + met if one.suggestion), "")
        raise InvalidValue("", value, self.description, said, constraint=bool(broken))


def _attempt(validator: Validator, value: Any) -> Any:
    """Return the validated `value`, or the mismatch."""
    try:
        return validator.validate(value)
    except InvalidValue as mismatch:
        return mismatch


def alternatives(validator: Validator) -> Iterator[Validator]:
    """Yield the validators of which one decides: those of a union, or the one that there is."""
    pending = [validator]
    seen: set[int] = set()
    while pending:
        one = pending.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        choices = one.choices()
        pending += choices
        if not choices:
            yield one


def classes_in(validator: Validator) -> Iterator[type]:
    """Yield the classes that a hint mentions, those inside containers included."""
    pending = [validator]
    seen: set[int] = set()
    while pending:
        one = pending.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        for member in alternatives(one):
            yield from member.instances
            yield from member.mentions
            pending += member.inside


# What Python puts on every class that is a protocol.
_NOT_MEMBERS = frozenset(
    "_abc_impl __abstractmethods__ __annotations__ __annotate__ __annotate_func__"
    " __annotations_cache__ __callable_proto_members_only__ __class_getitem__ __dict__ __doc__"
    " __firstlineno__ __init__ __match_args__ __module__ __new__ __non_callable_proto_members__"
    " __orig_bases__ __parameters__ __protocol_attrs__ __qualname__ __slots__"
    " __static_attributes__ __subclasshook__ __type_params__ __weakref__ _is_protocol"
    " _is_runtime_protocol".split()
)


class ProtocolValidator(AnyValidator):
    """An object with all members of a protocol fits, whether it can be asked at run time or not."""

    types = frozenset()

    def __init__(self, cls: type) -> None:
        super().__init__(class_name(cls))
        members: dict[str, None] = {}
        for part in reversed(cls.__mro__):
            if getattr(part, "_is_protocol", False) and part.__module__ != "typing":
                members |= dict.fromkeys([*vars(part), *written(part)])
        self.members = [name for name in members if name not in _NOT_MEMBERS]

    def validate(self, value: Any) -> Any:
        missing = [name for name in self.members if not hasattr(value, name)]
        if missing:
            hint = f"it has no {listed(missing, 'or')}"
            raise InvalidValue("", value, self.description, hint)
        return super().validate(value)


class NeverValidator(Validator):
    """Nothing fits."""

    description = "left out: it has no values"

    def validate(self, value: Any) -> Any:
        raise InvalidValue("", value, self.description)


def _is_instance(value: Any, accepted: tuple[type, ...]) -> bool:
    try:
        return isinstance(value, accepted)
    except TypeError:
        return True  # a class that refuses to be asked, such as a protocol with type arguments
