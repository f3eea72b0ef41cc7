"""Labels: a config in a few words, and as flat keys, for the tools that runs are shown in."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pconfigs.annotations.kinds import JSON_SCALARS
from pconfigs.markers import Secret
from pconfigs.reports.summaries import words
from pconfigs.schema.build_record import bases_of
from pconfigs.schema.class_schema import is_config, require_config, schema_of
from pconfigs.schema.inheritance import fallback_of
from pconfigs.serialization.conversion.plain_forms import plain_forms_of
from pconfigs.serialization.conversion.scalar_codecs import (
    enum_text,
    is_enum,
    qualified_name,
    scalar_codec_of,
)
from pconfigs.serialization.fingerprint import pfingerprint
from pconfigs.tree.diff import pdiff
from pconfigs.tree.paths import key_text
from pconfigs.validation.base import Validator

LONGEST = 100


def plabel(config: Any, /) -> str:
    """Return what a config sets apart from its base, and its fingerprint: `base_lr=0.001-3f9a2c`.

    The base is the first config before the keywords, else the default of the class. A label has
    no characters that file names cannot have, and at most 100 of them.
    """
    require_config("plabel", config)
    passed: Any = bases_of(config)
    bases = passed or fallback_of(schema_of(config))
    base = next((one for one in bases if one is not config), None)
    short = pfingerprint(config)[:6]
    if base is None:
        return f"{type(config).__name__}-{short}"
    settings = sorted(
        {
            f"{change.path or 'class'}={_value_words(change.after)}"
            for change in pdiff(base, config).inputs
            if not _is_pinned(change)
        }
    )
    joined = ",".join(map(_safe, settings))
    if not joined:
        return short
    if len(joined) + 7 > LONGEST:
        joined = f"{joined[: LONGEST - 10]}..."
    return f"{joined}-{short}"


def _is_pinned(change: Any) -> bool:
    """Return whether users cannot set what has changed: then it is not a setting of theirs."""
    owner = change.pair.owners[1]
    if not is_config(owner):
        return False  # the config itself is of another class than its base
    fields = schema_of(owner).fields
    return change.pair.field in fields and fields[change.pair.field].pinned


def _value_words(value: Any) -> str:
    if isinstance(value, str):
        return value
    if is_config(value):
        return type(value).__name__
    return enum_text(value) if is_enum(type(value)) else words(value, 60)


def _safe(text: str) -> str:
    """Return a text in characters that file names, shells and web addresses leave alone."""
    for before, after in ((" ", ""), ("'", ""), ('"', ""), ("[", "."), ("]", "")):
        text = text.replace(before, after)
    return "".join(c if c.isascii() and (c.isalnum() or c in "=.,_+-") else "_" for c in text)


def pflat(config: Any, /) -> dict[str, Any]:
    """Return the values of a config under flat dotted keys, for `wandb.config` or `mlflow`.

    `{"model.depth": 3, "blocks.0.width": 64, "root": "data"}`: lists and dicts of configs are
    entered, other values are numbers, strings, booleans, None, or lists of these. The class of a
    config is under `….class` where the field does not decide it. Secrets are left out. Keys that
    would be the same are kept apart by the way in which paths are written: `loss['a.b']`.
    """
    require_config("pflat", config)
    found: dict[str, Any] = {}
    pending: list[tuple[str, Any, Validator | None]] = [("", config, None)]
    while pending:
        key, value, validator = pending.pop()
        dot = f"{key}." if key else ""
        inside: list[tuple[str, Any, Validator | None]]
        if is_config(value):
            if validator is not None and plain_forms_of(validator).mapping is not type(value):
                found[f"{dot}class"] = type(value).__qualname__
            inside = [
                (f"{dot}{name}", getattr(value, name), field.validator)
                for name, field in schema_of(value).fields.items()
                if Secret not in field.markers
            ]
        elif isinstance(value, dict) and value:
            names = _names_of(value)
            inside = [
                (_joined(key, name), value[raw], _inner(validator, value, raw))
                for raw, name in names.items()
            ]
        elif isinstance(value, (list, tuple)) and not JSON_SCALARS.issuperset(
            map(type, map(_flat, value))
        ):
            inside = [
                (f"{dot}{index}", one, _inner(validator, value, index))
                for index, one in enumerate(value)
            ]
        else:
            found[key] = _flat(value)
            continue
        pending += reversed(inside)
    return found


def _inner(validator: Validator | None, container: Any, key: Any) -> Validator | None:
    return None if validator is None else validator.item_at(container, key)


def _joined(key: str, name: str) -> str:
    return f"{key}{name}" if name[:1] == "[" or not key else f"{key}.{name}"


def _names_of(value: dict[Any, Any]) -> dict[Any, str]:
    """Return the flat name of each key of a dict; in brackets where it could be another one."""
    plain = {raw: _name_of(raw) for raw in value}
    counts = Counter(plain.values())
    return {
        raw: name if counts[name] == 1 and "." not in name else f"[{key_text(raw)}]"
        for raw, name in plain.items()
    }


def _name_of(key: Any) -> str:
    try:
        return str(_flat(key))
    except ValueError:
        return key_text(key)  # it has a number with more digits than Python writes


def _flat(value: Any) -> Any:
    """Return a value as trackers of runs take it."""
    kind = type(value)
    if kind in JSON_SCALARS or is_config(value) or isinstance(value, dict):
        return value
    if isinstance(value, (list, tuple)):
        return [_flat(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((_flat(item) for item in value), key=key_text)
    if is_enum(kind):
        return enum_text(value)
    leaf = scalar_codec_of(kind)
    if leaf is not None:
        return leaf.write(value)
    if isinstance(value, type) or hasattr(value, "__qualname__"):
        return qualified_name(value)
    return words(value)
