"""A second default of a class, which may only complete the first."""

from __future__ import annotations

from typing import Any

from pconfigs.errors import formatting
from pconfigs.errors.declare import DefaultError
from pconfigs.markers import Required
from pconfigs.provenance.origins import place_of
from pconfigs.schema.build_record import CODE, LASTI, record_of
from pconfigs.schema.class_schema import schema_of
from pconfigs.schema.equality import same_value
from pconfigs.schema.inheritance import input_of


def refuse_second(first: Any, second: Any) -> None:
    """Raise DefaultError where a second default does more than complete the first."""
    changed = _changed_closed_fields(first, second)
    if not _open_fields(first) or changed:
        shown = changed if _open_fields(first) else []
        raise DefaultError(schema_of(first).cls, _place(first), _place(second), shown)


def is_same_cell(first: Any, second: Any) -> bool:
    """Return whether a second default is the first one again, by a cell that has run again."""
    if _open_fields(first) or _changed_closed_fields(first, second):
        return False
    return bool(formatting.notebook_cell(_place(second).file))


def _inputs(config: Any) -> dict[str, Any]:
    return {name: input_of(config, field) for name, field in schema_of(config).fields.items()}


def _open_fields(config: Any) -> list[str]:
    return [name for name, value in _inputs(config).items() if value is Required]


def _changed_closed_fields(first: Any, second: Any) -> list[str]:
    given = _inputs(second)
    return [
        name
        for name, value in _inputs(first).items()
        if value is not Required and not same_value(value, given[name])
    ]


def _place(config: Any) -> Any:
    record = record_of(config)
    return place_of(record[CODE], record[LASTI])
