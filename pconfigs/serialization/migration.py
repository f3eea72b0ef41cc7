"""Migration: the fields of saved data under the names, and in the form, of today."""

from __future__ import annotations

from typing import Any

from pconfigs.annotations.kinds import is_dict
from pconfigs.errors.formatting import class_name, clauses, did_you_mean, nearest, shorten
from pconfigs.schema.class_schema import Schema, is_config_class, schema_of
from pconfigs.schema.format_history import History, history_of
from pconfigs.serialization.conversion.contexts import Reading
from pconfigs.serialization.conversion.plain_helpers import is_word
from pconfigs.serialization.conversion.tags import COMPUTED, GIVEN, TYPE, VERSION
from pconfigs.validation.base import classes_in

CALLS = frozenset(
    "_target_ _partial_ _args_ _recursive_ _convert_ __target__ class_path py/object".split()
)
"""Keys by which files of other libraries name what is to be called."""
_PARENTS = ("defaults", "base", "_base_")


def migrate_fields(
    schema: Schema, node: dict[Any, Any], load: Reading
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return plain data of inputs and of computed values, by field; note other keys as problems."""
    history = history_of(schema)
    data = {key: value for key, value in node.items() if not is_word(key)}
    is_saved = load.ours or VERSION in node or TYPE in node
    if is_saved:
        data = _upgraded(schema, history, data, node.get(VERSION, 1), load)
    nodes = _named_today(schema, history, data, load, is_saved)
    computed = node.get(COMPUTED, {})
    if not isinstance(computed, dict):
        load.note(f"{COMPUTED} must be a mapping, got {shorten(computed, 40)}")
        return nodes, {}
    names = _fields_named(COMPUTED, list(computed), schema, load)
    return nodes, {
        today: value for today, value in zip(names, computed.values(), strict=True) if today
    }


def check_given(schema: Schema, given: Any, load: Reading) -> bool:
    """Return whether the list of fields that were not at their defaults is one; note what is not.

    Fields that are gone by now may be in it.
    """
    if not isinstance(given, list):
        load.note(f"{GIVEN} must be a list of fields, got {shorten(given, 40)}")
        return False
    if all([isinstance(name, str) and name in schema.fields for name in given]):
        return True
    before = len(load.problems)
    _fields_named(GIVEN, given, schema, load)
    return len(load.problems) == before


def _fields_named(word: str, names: list[Any], schema: Schema, load: Reading) -> list[str]:
    """Return the names of today; "" for fields that are gone. Note those that never were."""
    history = history_of(schema)
    found: list[str] = []
    for name in names:
        today = history.name_today(name) if isinstance(name, str) else ""
        if today in schema.fields:
            found.append(today)
            continue
        found.append("")
        if not isinstance(name, str) or not (today in history.removed or history.extra):
            meant = did_you_mean(name, schema.fields) if isinstance(name, str) else ""
            known = f"{class_name(schema.cls)} has no such field"
            load.note(clauses(f"{word} names {shorten(name, 40)}, but {known}", meant))
    return found


def _upgraded(
    schema: Schema, history: History, data: dict[Any, Any], version: Any, load: Reading
) -> dict[Any, Any]:
    """Return the data as the version of today has it."""
    text = version if isinstance(version, str) else shorten(version)
    if isinstance(version, bool) or not (text.isdecimal() and text.isascii() and len(text) < 10):
        load.note(f"{VERSION} must be a number, got {shorten(version)}")
        return data
    saved, name = int(text), schema.cls.__qualname__
    if saved > history.version:
        load.note(
            f"it was saved by version {saved} of {name}, and this is version {history.version}",
            "load it with the code that saved it, or a later one",
        )
    if history.upgrade is not None:
        for step in range(saved, history.version):
            data = history.upgrade(dict(data), step)
            if not isinstance(data, dict):
                raise TypeError(
                    f"upgrade= of {name} must return the data as a dict, got {type(data).__name__}"
                )
    return data


def _named_today(
    schema: Schema, history: History, data: dict[Any, Any], load: Reading, is_saved: bool
) -> dict[str, Any]:
    fields = schema.fields
    nodes: dict[str, Any] = {}
    keys: dict[str, str] = {}
    rest: dict[str, Any] = {}
    for key, value in data.items():
        name = shown = key if isinstance(key, str) else shorten(key)
        if name not in fields:
            name = history.name_today(name)
        found = {name: value}
        if name not in fields and name in history.removed:
            found = _replaced(history, name, value, load)
        for today, inner in found.items():
            if today not in fields and history.extra and today not in CALLS:
                rest[today] = inner
            elif today not in fields:
                load.note_below(shown, *_unknown(schema, shown, today, is_saved))
            elif today in nodes:
                old = shown if shown != today else keys[today]
                load.note_below(today, f"appears twice: also as {old!r}, an earlier name of it")
            else:
                nodes[today], keys[today] = inner, shown
    if rest:
        given = nodes.get(history.extra, {})
        twice = [key for key in rest if key in given] if is_dict(given) else []
        for key in twice:
            load.note_below(key, f"appears twice: also in {history.extra}")
        nodes[history.extra] = {**given, **rest} if is_dict(given) else given
    return nodes


def _replaced(history: History, name: str, value: Any, load: Reading) -> dict[str, Any]:
    becomes = history.removed[name]
    if becomes is ...:
        return {}
    if callable(becomes):
        found: object = becomes(value)
        if not is_dict(found):
            raise TypeError(
                f"removed[{name!r}] must return a dict of fields, got {type(found).__name__}"
            )
        return found
    if value == becomes or (isinstance(value, str) and value == str(becomes)):
        return {}
    load.note_below(
        name,
        f"this field was removed; the code now behaves as with {becomes!r}, but the data has"
        f" {shorten(value, 40)}",
        "load it with the code that saved it, or remove the field from the data",
    )
    return {}


def _unknown(schema: Schema, key: str, name: str, is_saved: bool) -> tuple[str, str]:
    """Return the problem of a key that is not a field, and a hint."""
    cls = class_name(schema.cls)
    words = f"{cls} has no such field"
    if key in CALLS:
        hint = "a file never names what is called; name the class of a config as $type"
        return words, hint
    settable = [known for known, field in schema.fields.items() if not field.pinned]
    close = nearest(name, settable)
    if close:
        words += f"; did you mean {close!r} ({schema.fields[close].validator.description})?"
    if is_saved:
        # A file of ours has keys that were fields once.
        return words, (
            f"declare what became of it: @pconfig(renamed={{{key!r}: {close or '...'!r}}}) or"
            f" @pconfig(removed={{{key!r}: ...}})"
        )
    if key in _PARENTS:
        return words, "compose files that extend others before loading them"
    inside = "" if close else _inside(schema, name)
    return words, f"did you mean {inside}?" if inside else ""


def _inside(schema: Schema, name: str) -> str:
    """Return the path of the only part that has a field of a name, or nothing."""
    found = [
        f"{field.name}.{name}"
        for field in schema.fields.values()
        for cls in classes_in(field.validator)
        if is_config_class(cls) and name in schema_of(cls).fields
    ]
    return found[0] if len(found) == 1 else ""
