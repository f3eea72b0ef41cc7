"""Merged bases: the layer below the keywords of a call with several bases, or one of an ancestor.

Which base a field comes from follows from the classes of the bases, and is found once for them.
"""

from __future__ import annotations

from pconfigs.schema.build_record import OPEN, RAW
from pconfigs.schema.inheritance import fallback_of, is_soft

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from pconfigs.schema.class_schema import Schema
    from pconfigs.schema.fields import Field

    # Fields and the positions of the bases that their values, and their inputs, come from; and the
    # pinned properties, for which a base may have a pin.
    Plan: TypeAlias = tuple[list[tuple[str, int]], list[tuple[str, int]], frozenset[str]]


class MergedBases:
    """The inputs that configs give together, with what else compiled code asks of a base."""

    __pconfig_depth__ = None
    __pconfig_variant__ = None
    __pconfig_record__: Any


def merged(schema: Schema, bases: tuple[Any, ...]) -> tuple[MergedBases, Any, tuple[Any, ...]]:
    """Return the layer that bases make together, they as a record has them, and the defaults below.

    Raises:
        LookupError: Only `build` knows what they mean.
    """
    fallback = fallback_of(schema)
    sources = (*bases, *fallback)
    shape = tuple(map(type, sources))
    if shape not in schema.merging:
        schema.merging[shape] = _plan(schema, shape)
    plan = schema.merging[shape]
    if plan is None:
        raise LookupError
    values, inputs, computed = plan
    records = [source.__pconfig_record__ for source in sources]
    for record in records:
        if record[OPEN] or (computed and record[RAW] and not computed.isdisjoint(record[RAW])):
            raise LookupError
    layer = MergedBases()
    held = layer.__dict__
    for name, index in values:
        held[name] = getattr(sources[index], name)
    raw = {name: records[index][RAW][name] for name, index in inputs}
    layer.__pconfig_record__ = (None, 0, 0, (), (), raw or None, None, 0)
    return layer, bases[0] if len(bases) == 1 else bases, fallback


def _plan(schema: Schema, shape: tuple[Any, ...]) -> Plan | None:
    """Return where each field comes from; None where values decide, or one cannot be a base."""
    values: list[tuple[str, int]] = []
    inputs: list[tuple[str, int]] = []
    for cls in shape:
        if not hasattr(cls, "__pconfig_schema__") or getattr(cls, "__pconfig_reader__", False):
            return None
        if not issubclass(schema.cls, cls.__pconfig_schema__.cls):
            return None
    for field in schema.fields.values():
        if field.property is not None and field.pinned:
            continue
        index = _source(field, shape)
        if is_soft(field) or index is None:
            return None
        if index >= 0:
            (values if field.property is None else inputs).append((field.name, index))
    computed = frozenset(n for n, f in schema.fields.items() if f.property and f.pinned)
    return values, inputs, computed


def _source(field: Field, shape: tuple[Any, ...]) -> int | None:
    """Return the position of the class that gives a field; -1 if none does, None if unclear."""
    for index, cls in enumerate(shape):
        theirs = cls.__pconfig_schema__.fields.get(field.name)
        if theirs is None or (field.pinned and not theirs.pinned):
            continue
        alike = theirs.validator is field.validator and theirs.pinned == field.pinned
        return index if alike and (theirs.property is None) == (field.property is None) else None
    return -1
