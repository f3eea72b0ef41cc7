"""JSON Schema of a config class: what its files may hold, for editors to complete and check.

Draft 2020-12. A file may name its class as `$type`; what code computes is marked readOnly. Fields
without a default are required.
"""

from __future__ import annotations

import enum
import math
import pathlib
import re
from collections.abc import Callable
from typing import Any

from pconfigs.annotations.kinds import JSON_SCALARS
from pconfigs.errors.formatting import class_name
from pconfigs.markers import Omitted, Required, Secret
from pconfigs.provenance.field_docs import class_doc, field_docs
from pconfigs.schema.class_schema import derived_classes, is_config_class, schema_of
from pconfigs.schema.fields import Field
from pconfigs.schema.format_history import history_of
from pconfigs.schema.inheritance import ABSENT, fallback_of, inherited_input
from pconfigs.validation.base import (
    ClassValidator,
    LiteralValidator,
    UnionValidator,
    Validator,
)
from pconfigs.validation.constraints import ConstrainedValidator
from pconfigs.validation.containers import (
    AbcContainer,
    DictValidator,
    ListValidator,
    NamedTupleValidator,
    SetValidator,
    TupleValidator,
    TypedDictValidator,
)

DRAFT = "https://json-schema.org/draft/2020-12/schema"
NAMES = {int: "integer", float: "number", bool: "boolean", str: "string", type(None): "null"}
REFERENCE = {"type": "string", "pattern": r"\$\{|^\?\?\?$"}
RULES = {
    ">": "exclusiveMinimum", ">=": "minimum", "<": "exclusiveMaximum", "<=": "maximum",
}  # fmt: skip
_RULE = re.compile(r"(>=|<=|>|<) (-?[0-9.]+(?:[eE][-+]?[0-9]+)?)")


def json_schema(cls: type) -> dict[str, Any]:
    """Return the schema of files for a config class, as plain data."""
    writer = _Writer()
    top = writer.reference(cls)
    return {"$schema": DRAFT, "title": class_name(cls), **top, "$defs": writer.definitions}


class _Writer:
    """The definitions of one schema."""

    def __init__(self) -> None:
        self.definitions: dict[str, Any] = {}
        self.names: dict[type, str] = {}

    def reference(self, cls: type) -> dict[str, Any]:
        """Return a reference to the definition of a config class, which is made once."""
        if cls not in self.names:
            name = class_name(cls)
            while name in self.definitions:
                name = f"{cls.__module__}.{name}" if "." not in name else f"{name}_"
            self.names[cls] = name
            self.definitions[name] = {}
            self.definitions[name].update(self.config(cls))
        return {"$ref": f"#/$defs/{self.names[cls]}"}

    def config(self, cls: type) -> dict[str, Any]:
        """Return the schema of a config class."""
        schema = schema_of(cls)
        docs = field_docs(cls)
        properties: dict[str, Any] = {
            "$type": {"const": f"{cls.__module__}.{cls.__qualname__}"},
        }
        required: list[str] = []
        for name, field in schema.fields.items():
            if field.pinned:
                # Saved with the rest, and compared with what code computes when it is loaded.
                properties[name] = {"description": docs.get(name, ""), "readOnly": True}
                continue
            default = inherited_input(field, fallback_of(schema))[0]
            properties[name] = self.field(field, docs.get(name, ""), default)
            if (default is ABSENT or default is Required) and Omitted not in field.markers:
                required.append(name)
        made: dict[str, Any] = {"type": "object"}
        if class_doc(cls):
            made["description"] = class_doc(cls)
        made["properties"] = properties
        if required:
            made["required"] = required
        # Keys that begin with $ are written by psave: $given, $computed, $version.
        made["patternProperties"] = {r"^\$": True}
        made["additionalProperties"] = bool(history_of(schema).extra)
        return made

    def field(self, field: Field, doc: str, default: Any) -> dict[str, Any]:
        """Return the schema of a field."""
        made = self.value(field.validator)
        if doc:
            made = {"description": doc, **made}
        if type(default) in JSON_SCALARS and Secret not in field.markers:
            if not (isinstance(default, float) and not math.isfinite(default)):
                made = {**made, "default": default}
        return made

    def value(self, validator: Validator) -> dict[str, Any]:
        """Return the schema of what files may hold for a validator: its values, and references."""
        return _or_reference(self.plain(validator))

    def plain(self, validator: Validator) -> dict[str, Any]:
        """Return the schema of what a validator takes, in its form in files; {} for anything."""
        kinds = type(validator).__mro__
        make = next((_SCHEMAS[kind] for kind in kinds if kind in _SCHEMAS), None)
        return {} if make is None else make(self, validator)

    def union(self, members: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the schema of a union."""
        if all(set(member) == {"type"} and isinstance(member["type"], str) for member in members):
            return {"type": [member["type"] for member in members]}
        return {"anyOf": members}

    def instance(self, cls: Any) -> dict[str, Any]:
        """Return the schema of the instances of a class."""
        if cls in NAMES:
            return {"type": NAMES[cls]}
        if is_config_class(cls):
            return self.configs(cls)
        if isinstance(cls, type) and issubclass(cls, enum.Enum):
            return {"enum": list(cls.__members__)}
        if isinstance(cls, type) and issubclass(cls, pathlib.PurePath):
            return {"type": "string"}
        if getattr(cls, "__pconfig_words__", None) is not None:
            return {"type": "null"}  # NoneConfig
        return {}

    def configs(self, cls: type) -> dict[str, Any]:
        """Return the schema of configs of a class, and of the classes derived from it."""
        derived = derived_classes(cls)
        if not derived:
            return self.reference(cls)
        tagged = [{**self.reference(one), "required": ["$type"]} for one in derived]
        return {"anyOf": [self.reference(cls), *tagged]}


def _or_reference(made: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that takes a reference, too: `${model.width}`, or `???` for a value to give.

    Whatever else is wrong is reported as without it.
    """
    kinds = made.get("type")
    if isinstance(kinds, str):
        kinds = [kinds]
    if kinds is not None:
        return made if "string" in kinds else {**made, **REFERENCE, "type": [*kinds, "string"]}
    if "anyOf" in made:
        return {**made, "anyOf": [*made["anyOf"], REFERENCE]}
    return {"if": REFERENCE, "else": made} if made else made


def _constrained(writer: _Writer, validator: ConstrainedValidator) -> dict[str, Any]:
    found = writer.plain(validator.inner)
    for rule in validator.rules:
        match = _RULE.fullmatch(rule.description)
        if match is not None and found.get("type") in ("integer", "number"):
            number = float(match[2])
            found[RULES[match[1]]] = int(number) if number.is_integer() else number
    return found


def _named_tuple(writer: _Writer, validator: NamedTupleValidator) -> dict[str, Any]:
    checks = zip(validator.cls._fields, validator.checks, strict=True)
    members = {name: writer.value(one) for name, one in checks}
    return {
        "type": "object", "properties": members, "required": list(members),
        "additionalProperties": False,
    }  # fmt: skip


def _tuple(writer: _Writer, validator: TupleValidator) -> dict[str, Any]:
    if validator.repeated is None:
        return _fixed([writer.value(one) for one in (*validator.before, *validator.after)])
    before = [writer.value(one) for one in validator.before]
    head = {"prefixItems": before} if before else {}
    items = {} if validator.after else {"items": writer.value(validator.repeated)}
    return {"type": "array", **head, **items}


def _typed_dict(writer: _Writer, validator: TypedDictValidator) -> dict[str, Any]:
    members = {name: writer.value(one) for name, one in validator.members.items()}
    return {
        "type": "object", "properties": members, "required": sorted(validator.required),
        "additionalProperties": validator.open,
    }  # fmt: skip


def _array(writer: _Writer, validator: ListValidator | SetValidator) -> dict[str, Any]:
    return {"type": "array", "items": writer.value(validator.item)}


def _abstract(writer: _Writer, validator: AbcContainer) -> dict[str, Any]:
    routes = [writer.plain(route) for _, route in validator.routes]
    return writer.union(routes) if routes else {}


def _fixed(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}


def _plain(value: Any) -> Any:
    """Return a value of a Literal as files have it."""
    if isinstance(value, enum.Enum):
        return value.name
    return value if type(value) in JSON_SCALARS else str(value)


_SCHEMAS: dict[type[Validator], Callable[[_Writer, Any], dict[str, Any]]] = {
    AbcContainer: _abstract,
    ClassValidator: lambda writer, one: writer.instance(one.cls),
    ConstrainedValidator: _constrained,
    DictValidator: lambda writer, one: {
        "type": "object",
        "additionalProperties": writer.value(one.item),
    },
    ListValidator: _array,
    LiteralValidator: lambda writer, one: {"enum": [_plain(value) for value in one.values]},
    NamedTupleValidator: _named_tuple,
    SetValidator: _array,
    TupleValidator: _tuple,
    TypedDictValidator: _typed_dict,
    UnionValidator: lambda writer, one: writer.union([*map(writer.plain, one.members)]),
}
