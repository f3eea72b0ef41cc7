"""Resolution: the annotations of a config class become fields with types and checks."""

from __future__ import annotations

from pconfigs.annotations.resolve import bindings_of, resolve, resolve_return
from pconfigs.errors.declare import ReservedNameError, dataclass_above
from pconfigs.errors.formatting import class_name
from pconfigs.markers import Pinned, Secret
from pconfigs.schema.class_schema import schema_of
from pconfigs.schema.fields import Field
from pconfigs.schema.properties import may_read_input
from pconfigs.validation.factory import accepting, validator_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.annotations.resolve import ClassAnnotations
    from pconfigs.markers import Marker
    from pconfigs.schema.class_schema import Schema
    from pconfigs.validation.base import Validator


def resolved_fields(schema: Schema) -> dict[str, Field]:
    """Return the fields of a class by name, in print order.

    Raises:
        UnknownNameError: An annotation names something that does not exist.
    """
    annotations: dict[str, tuple[type, ClassAnnotations | None]] = {}
    # Properties with no annotation next to them that ignore what is given: users cannot set those.
    bare: set[str] = set()
    for ancestor in schema.lineage:
        for name in ancestor.declared.names:
            if name in ancestor.declared.class_vars or name == "environment":
                annotations.pop(name, None)
            else:
                # A field declared again keeps its place.
                annotations[name] = (ancestor.cls, ancestor.declared)
                bare.discard(name)
        for name in schema.computed_in(ancestor):
            owner = schema.properties[name].owner or schema.cls
            annotations.setdefault(name, (owner, None))
            own = ancestor.own_properties.get(name)
            if own is None or name in ancestor.declared.names:
                continue
            if not may_read_input(schema.cls, own.function, name):
                bare.add(name)
    if "__dataclass_params__" in vars(schema.cls):
        raise dataclass_above(schema.cls)
    fields: dict[str, Field] = {}
    for index, (name, (owner, declared)) in enumerate(annotations.items()):
        annotation, hint, markers, validator = _meaning(schema, name, owner, declared)
        if name in bare:
            markers |= {Pinned}
        found = schema.properties.get(name)
        fields[name] = Field(name, index, owner, annotation, hint, markers, found, validator)
    return fields


def _meaning(
    schema: Schema, name: str, owner: type, declared: ClassAnnotations | None
) -> tuple[Any, Any, frozenset[Marker], Validator]:
    """Return the annotation of a field as written, its hint, its markers and its validator.

    Args:
        schema: Of the class that the field is resolved for.
        name: Of the field.
        owner: The class that declares it.
        declared: The annotations of that class; None for a property without one.
    """
    bound = bindings_of(schema.cls, owner) if owner is not schema.cls else None
    if declared is not None:
        inherited = schema_of(owner).known_fields if owner is not schema.cls else None
        if inherited is not None and name in inherited:
            old = inherited[name]
            validator = validator_for(old.hint, bound) if bound else old.validator
            return old.annotation, old.hint, old.markers, validator
        resolved = resolve(owner, name, declared)
        markers, annotation = resolved.markers, declared.names[name]
        if Secret not in markers and _was_secret(owner, name):
            markers = markers | {Secret}
    else:
        # A property without an annotation is a pinned field of the type that it returns.
        resolved = resolve_return(schema.properties[name], owner)
        markers, annotation = resolved.markers | {Pinned}, resolved.annotation
    if isinstance(resolved.hint, type) and hasattr(resolved.hint, "__penv_entries__"):
        variables = class_name(resolved.hint)
        raise ReservedNameError(
            f"{class_name(owner)}.{name} is of {variables}, a class of environment variables\n"
            f"    name it environment: {variables}"
        )
    validator = validator_for(resolved.hint, bound)
    if declared is not None and name in declared.defaults:
        validator = accepting(validator, declared.defaults[name])
    return annotation, resolved.hint, markers, validator


def _was_secret(owner: type, name: str) -> bool:
    """Return whether an ancestor has a field as a secret, which a class cannot undo."""
    return any(
        name in ancestor.declared.names and Secret in ancestor.fields[name].markers
        for ancestor in schema_of(owner).lineage[:-1]
        if name in ancestor.field_names
    )
