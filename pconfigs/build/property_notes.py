"""Failures: an exception in a property keeps its type and names what it had read."""

from __future__ import annotations

from pconfigs.errors.formatting import class_name, shorten
from pconfigs.markers import Pinned, Secret
from pconfigs.provenance.origins import (
    HIDDEN,
    function_place,
    is_library_code,
    keyword_place,
    place_of,
    user_call_site,
)
from pconfigs.schema.build_record import (
    BASES,
    CODE,
    FALLBACK,
    INHERITED,
    LASTI,
    EnvironmentRead,
    record_of,
)
from pconfigs.schema.class_schema import schema_of
from pconfigs.schema.inheritance import inherited_input

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.build.construction import Construction
    from pconfigs.build.evaluation import Evaluation
    from pconfigs.schema.class_schema import Schema


def explain_failure(error: BaseException, call: Construction, evaluation: Evaluation) -> None:
    """Add a note to `error`, raised while the properties of `call` were computed."""
    failed = evaluation.failed
    if failed is None:
        return
    schema = call.schema
    found = schema.properties[failed]
    # In a circle that is met only now, a property has asked for what is not known.
    reads = [
        read
        for read in evaluation.reads.get(failed, ())
        if read in evaluation.values or isinstance(read, EnvironmentRead)
    ]
    place = function_place(found.function)
    at = f" ({place})" if place is not None else ""
    name = class_name(schema.cls)
    lines = [f"in the property {name}.{failed}{at}" + (", which had read" if reads else "")]
    shown = [(read, _shown(schema, read, evaluation.values.get(read))) for read in reads]
    width = max((len(f"{read} = {value}") for read, value in shown), default=0)
    for read, value in shown:
        lines.append(f"    {f'{read} = {value}':{width}}  {_origin(call, read)}".rstrip())
    add_note(error, "\n".join(lines))


def _shown(schema: Schema, read: str, value: Any) -> str:
    """Return what a property read, in few words; nothing of a secret."""
    if isinstance(read, EnvironmentRead):
        return repr(HIDDEN) if read.text is None else shorten(read.text, 50)
    field = schema.fields.get(read)
    return repr(HIDDEN) if field and Secret in field.markers else shorten(value, 50)


def _origin(call: Construction, name: str) -> str:
    """Where the value of a field is from: its property, its keyword, or the call around that."""
    if isinstance(name, EnvironmentRead):
        return f"{name.variable} is set" if name.is_set else f"default of {name.variable}"
    if call.schema.fields[name].property is not None and call.raw.get(name, Pinned) is Pinned:
        return "computed"
    if name in call.given:
        return _written(call.code, call.lasti, name)
    sources, fallback = (*call.bases, *call.fallback), call.fallback
    default = ""
    while True:
        source = inherited_input(call.schema.fields[name], sources)[1]
        if source is None:
            return ""
        if any(source is one for one in fallback):
            default = "default, "
        record = record_of(source)
        if not record[INHERITED] >> schema_of(source).fields[name].index & 1:
            return f"{default}{_written(record[CODE], record[LASTI], name)}"
        sources, fallback = (*record[BASES], *record[FALLBACK]), record[FALLBACK]


def _written(code: Any, lasti: int, name: str) -> str:
    """Return the place of a keyword; of the edit, where this library made the call for it."""
    if is_library_code(code):
        code, lasti = user_call_site()
        if is_library_code(code):
            return "this edit"
    return str(keyword_place(code, lasti, name) or place_of(code, lasti))


def add_note(error: BaseException, note: str) -> None:
    """Python 3.11's `add_note`, also on 3.10, where the commands print `__notes__` themselves."""
    if hasattr(error, "add_note"):
        error.add_note(note)
    else:
        notes = getattr(error, "__notes__", [])
        error.__dict__["__notes__"] = [*notes, note]
