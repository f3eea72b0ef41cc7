"""Signatures: what `inspect.signature` shows of config classes."""

from __future__ import annotations

from inspect import Parameter, Signature
from typing import Any

from pconfigs.errors.formatting import shorten
from pconfigs.markers import Secret
from pconfigs.schema.children import parts_in
from pconfigs.schema.class_schema import Schema
from pconfigs.schema.inheritance import ABSENT, fallback_of, inherited_input


class _Shown:
    """Represents in a signature configs, which would fill pages."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return shorten(self.value)


def shown(value: Any) -> Any:
    """Return a default as a signature shows it."""
    return _Shown(value) if any(parts_in([value])) else value


def signature_of(schema: Schema) -> Signature:
    """Return `(*bases, field: type = default, ...)`.

    Fields without a default, and secrets, have `...` for it: a base may give them.
    """
    parameters = [Parameter("bases", Parameter.VAR_POSITIONAL)]
    for name, field in schema.fields.items():
        default = inherited_input(field, fallback_of(schema))[0]
        if default is ABSENT or Secret in field.markers:
            default = ...
        kind = Parameter.KEYWORD_ONLY
        parameters.append(
            Parameter(name, kind, default=shown(default), annotation=field.annotation)
        )
    return Signature(parameters)
