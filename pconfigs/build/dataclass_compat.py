"""Interop: answers for code that asks a config class for its dataclass fields or its signature.

Made when they are asked for: `dataclasses` and `inspect` cost more to load than everything else
that building takes.
"""

from __future__ import annotations

from pconfigs.schema.class_schema import schema_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import inspect
    from typing import Any


class DataclassFields:
    """`__dataclass_fields__`: what makes a config class a dataclass for those who ask.

    Fields that only code sets are `init=False`, so that `dataclasses.replace` leaves them to the
    properties.
    """

    def __get__(self, instance: Any, owner: type) -> dict[str, Any]:
        import dataclasses

        found: dict[str, dataclasses.Field[Any]] = {}
        schema = schema_of(owner)
        for name, field in schema.fields.items():
            described: dataclasses.Field[Any] = dataclasses.field(
                init=not field.pinned, kw_only=True
            )
            described.name = name
            described.type = field.annotation
            described._field_type = dataclasses._FIELD  # type: ignore[attr-defined]
            found[name] = described
        for name in schema.class_vars:
            described = dataclasses.field()
            described.name = name
            described.type = "ClassVar"
            described._field_type = dataclasses._FIELD_CLASSVAR  # type: ignore[attr-defined]
            found[name] = described
        return found


class Signature:
    """`__signature__`: `(*bases, field: type, …)`."""

    def __get__(self, instance: Any, owner: type) -> inspect.Signature:
        from inspect import Parameter, Signature as Described

        if instance is not None or "__pconfig_schema__" not in owner.__dict__:
            raise AttributeError("__signature__")
        parameters = [Parameter("bases", Parameter.VAR_POSITIONAL)]
        for name, field in schema_of(owner).fields.items():
            parameters.append(
                Parameter(name, Parameter.KEYWORD_ONLY, default=..., annotation=field.annotation)
            )
        return Described(parameters)
