"""Lazy inputs: what an edit gives to a property, whose own properties wait until they are read.

Where D configs inside one another are each made anew by a property of the config around it, an edit
of the innermost would compute the properties of D inputs that every property then computes again:
a cost of D squared, and checks of inputs that a property is about to change. The properties mostly
read what was given to them; so the inputs that an edit makes hold only that. Reading any of its
properties completes such a config: they are all computed, and its checks run.

Until then the attributes of its properties are missing, and the property objects, put on the class,
answer for them. What ends up as a value of a config is complete.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import blank
from pconfigs.build.construction import (
    complete_call,
    refuse_wrong_inputs,
    resolve_inputs,
    run_post_build,
)
from pconfigs.build.construction_state import Construction
from pconfigs.build.evaluation import is_reader, read_field
from pconfigs.markers import Pinned, Required
from pconfigs.schema.build_record import (
    CODE,
    DEPTH,
    FALLBACK,
    INHERITED,
    LASTI,
    LAZY,
    RAW,
    READS,
    RECORD,
    bases_of,
    lazy_configs,
    record_of,
)
from pconfigs.schema.class_schema import schema_of
from pconfigs.schema.inheritance import fallback_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from pconfigs.schema.class_schema import Schema
    from pconfigs.schema.properties import pproperty

_set = object.__setattr__


def lazy_variant(config: Any, changes: dict[str, Any], call: tuple[CodeType, int]) -> Any:
    """Return a variant of `config` whose properties are not computed yet.

    None where it has none.

    Raises:
        BuildError: Something about the changes is wrong.
    """
    schema = schema_of(config)
    if not schema.properties or type(config) is not schema.cls:
        return None
    construction = Construction(schema, *call, changes, (config,), fallback_of(schema))
    resolve_inputs(construction)
    refuse_wrong_inputs(construction)
    _put_properties_back(schema)
    variant = blank(schema.cls)
    for name, value in construction.values.items():
        _set(variant, name, value)
    mask = 0
    for name, value in construction.values.items():
        if value is Required or value is Pinned:
            mask |= 1 << schema.fields[name].index
    inherited = (construction.inherited, config, construction.fallback)
    _set(variant, RECORD, (*call, *inherited, construction.raw or None, LAZY, mask))
    if schema.nested_names:
        _set(variant, DEPTH, None)  # not known before its properties are computed
    return variant


def complete(config: Any) -> None:
    """Compute the properties of a lazy config, and run its checks."""
    schema = schema_of(config)
    record: Any = record_of(config)
    inherited = record[INHERITED]
    # Only the names of what was given matter now, and only where a property fails.
    given = {n: None for n, field in schema.fields.items() if not inherited >> field.index & 1}
    bases = bases_of(config)
    call = Construction(schema, record[CODE], record[LASTI], given, bases, record[FALLBACK])
    call.inherited, call.raw = inherited, dict(record[RAW] or {})
    inputs = [name for name in schema.fields if name not in schema.properties]
    call.values = {name: getattr(config, name) for name in inputs}
    # Completed aside: a property that fails leaves the lazy config as it is.
    whole = blank(schema.cls)
    for name, value in call.values.items():
        _set(whole, name, value)
    is_open = complete_call(call, whole)
    run_post_build(schema, whole, is_open)
    for name in (*schema.properties, RECORD, DEPTH):
        _set(config, name, getattr(whole, name))


def _put_properties_back(schema: Schema) -> None:
    """Let the property objects of a class answer for attributes that lazy configs lack.

    From then on its configs are read at the cost of a class attribute of the same name.
    """
    if schema.lazy_value is None:
        schema.lazy_value = lazy_value
        lazy_configs.append(schema.cls)
        for name, found in schema.properties.items():
            setattr(schema.cls, name, found)


def lazy_value(found: pproperty, config: Any) -> Any:
    """Return the value of a property that was not found on a config itself."""
    if is_reader(config):
        return read_field(config, found.name)
    if record_of(config)[READS] is LAZY:
        complete(config)
        return getattr(config, found.name)
    return found.function(config)
