"""Drift: how values that code computes differ from saved ones, and what computes them."""

from __future__ import annotations

from typing import Any

from pconfigs.annotations.kinds import Sentinel
from pconfigs.errors.formatting import class_name
from pconfigs.errors.serialization import Drift
from pconfigs.markers import Secret
from pconfigs.provenance.origins import function_place
from pconfigs.schema.build_record import READS, EnvironmentRead, record_of
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.schema.fields import Field
from pconfigs.serialization.allowlist import is_called
from pconfigs.serialization.conversion.config_converter import config_converter
from pconfigs.serialization.conversion.contexts import Reading
from pconfigs.serialization.conversion.converters import Converter
from pconfigs.serialization.conversion.tags import INVALID, PIN, TYPE

HIDDEN = "Secret(...)"


def drifts_of(
    config: Any, field: Field, node: Any, converter: Converter, data: Reading, path: str
) -> list[Drift]:
    """Return how the value of a field differs from plain data; in configs, value by value."""
    cause = cause_of(config, field)
    if Secret in field.markers or data.secret is not None:
        return [Drift(path, HIDDEN, HIDDEN, f"{HIDDEN} -> {HIDDEN}", cause)]
    return list(_drifts(getattr(config, field.name), node, converter, data, path, cause))


def _drifts(
    value: Any, node: Any, converter: Converter, data: Reading, path: str, cause: str
) -> Any:
    if isinstance(node, dict) and len(node) == 1 and PIN in node:
        node = node[PIN]
    if is_config(value) and isinstance(node, dict) and _is_of(value, node, converter):
        for field, saved, inner in config_converter(type(value)).differences(node, value, data):
            held = getattr(value, field.name)
            inside = f"{path}.{field.name}"
            if Secret in field.markers:
                yield Drift(inside, HIDDEN, HIDDEN, f"{HIDDEN} -> {HIDDEN}", cause)
                continue
            computed = field.derived and not is_config(held)
            why = cause_of(value, field) if computed else cause
            yield from _drifts(held, saved, inner, data, inside, why)
        return
    if isinstance(value, (list, tuple)) and isinstance(node, list) and len(node) == len(value):
        if any(map(is_config, value)):
            converters = converter.item_converters(list if isinstance(value, list) else tuple, node)
            for index, (item, saved, one) in enumerate(zip(value, node, converters, strict=True)):
                if not one.same(saved, item, data):
                    yield from _drifts(item, saved, one, data, f"{path}[{index}]", cause)
            return
    saved = _shown(node, converter, data)
    before, after = contrasted(saved, value)
    yield Drift(path, saved, value, f"{before} -> {after}", cause)


def contrasted(before: Any, after: Any) -> tuple[str, str]:
    """Return both values in words that differ where they do."""
    # It loads the printer: most data loads without a difference.
    from pconfigs.reports.summaries import contrast

    return contrast(before, after)


def _is_of(value: Any, node: dict[Any, Any], converter: Converter) -> bool:
    if TYPE in node:
        return is_called(type(value), node[TYPE])
    return converter.forms.mapping is type(value)


def _shown(node: Any, converter: Converter, data: Reading) -> Any:
    """Return the value of plain data for a message, where that makes no configs."""
    if isinstance(node, dict) and TYPE in node:
        return Sentinel(f"{str(node[TYPE]).rpartition('.')[2]}(...)")
    if isinstance(node, dict) and converter.forms.configs:
        return Sentinel("a config")
    loaded = data.quietly(converter.load, node)
    return node if loaded is INVALID else loaded


def cause_of(config: Any, field: Field) -> str:
    """Return what gives the value of a pinned or computed field, and where that is written."""
    schema = schema_of(config)
    if field.property is None:
        return f"the pin in the default of {schema.cls.__qualname__}"
    place = function_place(field.property.function)
    owner = class_name(field.property.owner or schema.cls)
    variables = _variables(config, field.name)
    words = f"{owner}.{field.name}" + (f", {place}" if place is not None else "")
    return f"{words}, which reads {' and '.join(variables)}" if variables else words


def _variables(config: Any, name: str) -> list[str]:
    """Return the environment variables that a property reads, with what they are now."""
    # As recorded: to know them exactly, properties would run once more.
    reads = record_of(config)[READS] or {}
    found: dict[str, None] = {}
    seen, pending = {name}, [name]
    for current in pending:
        for read in reads.get(current, ()):
            if isinstance(read, EnvironmentRead):
                now = f" ({read.text!r} now)" if read.text is not None else ""
                found[f"the environment variable {read.variable}{now}"] = None
            elif read not in seen:
                seen.add(read)
                pending.append(read)
    return list(found)
