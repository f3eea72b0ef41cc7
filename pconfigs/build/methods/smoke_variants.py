"""Small variants of configs, with the smoke values of their classes."""

from __future__ import annotations

from types import CodeType
from typing import Any

from pconfigs.markers import Pin
from pconfigs.provenance.origins import user_call_site
from pconfigs.schema.build_record import CODE, LASTI, record_of
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.schema.equality import same_value
from pconfigs.schema.inheritance import input_of, named_inputs
from pconfigs.tree.broadcast import rebuild_parts
from pconfigs.tree.walk import pwalk


def smoke_variant(config: Any) -> Any:
    """Return a config in which every config that was given has the smoke values of its class.

    What properties make follows. The config itself where nothing in it is to be made small.

    Raises:
        BuildError: A smoke value does not fit in its place.
    """
    call = user_call_site()

    def changes_of(part: Any) -> tuple[dict[str, Any], tuple[CodeType, int]]:
        values, source = _small_values(part)
        fields = schema_of(part).fields
        changes = {
            name: value
            for name, value in values.items()
            if not same_value(_plain(value), input_of(part, fields[name]))
        }
        if source is None:
            return {}, call
        record = record_of(source)
        return changes, (record[CODE], record[LASTI])

    return rebuild_parts(config, changes_of)


def has_smoke_values(config: Any) -> bool:
    """Return whether the class of any config in this one has smoke values."""
    return any(is_config(value) and _small_values(value)[0] for _, _, value in pwalk(config))


def _small_values(config: Any) -> tuple[dict[str, Any], Any]:
    """Return the smoke values of the class of a config, and the nearest config that has them."""
    fields = schema_of(config).fields
    values: dict[str, Any] = {}
    source = None
    for ancestor in schema_of(config).lineage:
        if ancestor.smoke is not None:
            source = ancestor.smoke
            values.update(named_inputs(source))
    # A derived class may pin what its ancestor leaves open.
    kept = {
        name: value
        for name, value in values.items()
        if name in fields and (not fields[name].pinned or isinstance(value, Pin))
    }
    return kept, source


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Pin) else value
