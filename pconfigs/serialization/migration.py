"""Migration: the fields of saved data under the names, and in the form, of today."""

from __future__ import annotations

from pconfigs.annotations.kinds import is_a, is_dict
from pconfigs.errors.formatting import class_name, nearest, shorten
from pconfigs.schema.format_history import history_of
from pconfigs.serialization.dump import COMPUTED, VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.schema.class_schema import Schema
    from pconfigs.schema.format_history import History
    from pconfigs.serialization.instantiate import Instantiator
    from pconfigs.tree.paths import Path

CALLS = frozenset(
    "_target_ _partial_ _args_ _recursive_ _convert_ __target__ class_path py/object".split()
)


def migrate_fields(
    schema: Schema, node: dict[Any, Any], path: Path, assembly: Instantiator
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Plain data of inputs and of computed values, by field; the rest is noted as problems."""
    history = history_of(schema)
    data = {key: value for key, value in node.items() if not _is_word(key)}
    if assembly.ours or VERSION in node:
        data = _upgraded(schema, history, data, node.get(VERSION, 1), path, assembly)
    nodes = _named_today(schema, history, data, path, assembly)
    computed = node.get(COMPUTED, {})
    if not is_a(computed, dict):
        assembly.note(path, f"{COMPUTED} holds a mapping")
        return nodes, {}
    today = {
        history.name_today(name): value for name, value in computed.items() if isinstance(name, str)
    }
    return nodes, {name: value for name, value in today.items() if name in schema.fields}


def _is_word(key: Any) -> bool:
    return isinstance(key, str) and key[:1] == "$"


def _upgraded(
    schema: Schema,
    history: History,
    data: dict[Any, Any],
    version: Any,
    path: Path,
    assembly: Instantiator,
) -> dict[Any, Any]:
    """The data as the version of today has it."""
    text = version if isinstance(version, str) else shorten(version)
    if isinstance(version, bool) or not (text.isdecimal() and text.isascii() and len(text) < 10):
        assembly.note(path, f"{VERSION} is a number, not {shorten(version)}")
        return data
    saved, name = int(text), schema.cls.__qualname__
    if saved > history.version:
        assembly.note(
            path,
            f"it was saved by version {saved} of {name}, and this is version {history.version}",
            "load it with the code that saved it, or a later one",
        )
    if history.upgrade is not None:
        for step in range(saved, history.version):
            data = history.upgrade(dict(data), step)
            if not is_a(data, dict):
                raise TypeError(
                    f"the upgrade of {name} returned {type(data).__name__}, not the data as a dict"
                )
    return data


def _named_today(
    schema: Schema, history: History, data: dict[Any, Any], path: Path, assembly: Instantiator
) -> dict[str, Any]:
    """The data by the names of today."""
    fields = schema.fields
    nodes: dict[str, Any] = {}
    for key, value in data.items():
        name = shown = key if isinstance(key, str) else shorten(key)
        if name not in fields:
            name = history.name_today(name)
        if name not in fields and name in history.removed:
            data_for = _replaced(history, name, value, path, assembly)
        else:
            data_for = {name: value}
        for today, inner in data_for.items():
            if today not in fields:
                assembly.note(*_unknown(schema, shown, today, path))
            elif today in nodes:
                words = f"is there twice: as {key!r}, its name before, too"
                assembly.note(path.field(today), words)
            else:
                nodes[today] = inner
    return nodes


def _replaced(
    history: History, name: str, value: Any, path: Path, assembly: Instantiator
) -> dict[str, Any]:
    """What becomes of a field that is gone."""
    becomes = history.removed[name]
    if becomes is ...:
        return {}
    if callable(becomes):
        found: object = becomes(value)
        if not is_dict(found):
            raise TypeError(f"removed[{name!r}] returned {type(found).__name__}, not fields")
        return found
    if value == becomes or str(value) == str(becomes):
        return {}
    assembly.note(
        path.field(name),
        f"this field was removed; the code now behaves as with {becomes!r}, but the data has"
        f" {shorten(value, 40)}",
        "load it with the code that saved it, or remove the field from the data",
    )
    return {}


def _unknown(schema: Schema, key: str, name: str, path: Path) -> tuple[Path, str, str]:
    """The problem of a field that the class does not have."""
    cls = class_name(schema.cls)
    if key in CALLS:
        return (
            path.field(key),
            f"{cls} has no such field",
            "what is called is never named in a file; the class of a config is, as $type",
        )
    settable = [known for known, field in schema.fields.items() if not field.pinned]
    close = nearest(name, settable)
    meant = ""
    if close:
        meant = f"; did you mean {close!r} ({schema.fields[close].validator.description})?"
    return (
        path.field(key),
        f"{cls} has no such field{meant}",
        f"if it had one: @pconfig(renamed={{{key!r}: {close or '...'!r}}}) or"
        f" @pconfig(removed={{{key!r}: ...}}) says what became of it",
    )
