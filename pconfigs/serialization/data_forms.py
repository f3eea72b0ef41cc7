"""Forms of a config as data: plain, without tags, or as other libraries take it."""

from __future__ import annotations

from typing import Any

from pconfigs.codegen.documents import one_line
from pconfigs.codegen.foreign_code import ForeignCode
from pconfigs.markers import Omitted, Secret
from pconfigs.schema.class_schema import require_config, schema_of
from pconfigs.serialization.conversion.converters import converter_of
from pconfigs.serialization.conversion.tags import ENUM, PLAIN
from pconfigs.serialization.dump import Dump, plain
from pconfigs.serialization.formats.namespace import to_namespace
from pconfigs.serialization.formats.omegaconf_format import to_omegaconf
from pconfigs.tree.paths import key_text
from pconfigs.validation.base import ANY


def pdump(config: Any, /, *, to: str = "plain") -> Any:
    """Return a config as plain data: `pload(pdump(config), type(config))` is equal to it.

    Args:
        config: The config.
        to: `"plain"` for dicts, lists and scalars; `"omegaconf"` for a DictConfig; `"argparse"` for
            a Namespace with dotted names; `"values"` for nested dicts and lists of all values as
            they resolve, without tags, secrets and what is `Omitted`, which cannot be loaded again.

    Raises:
        UnsavableError: Values without a plain form; all of them are named.
        MissingExtraError: `to` needs a package that is not installed.
    """
    require_config("pdump", config)
    if to == "plain":
        return plain(config)
    if to == "omegaconf":
        return to_omegaconf(plain(config))
    if to == "values":
        return values_of(config)
    if to == "argparse":
        return to_namespace(plain(config))
    raise ValueError(f"to must be 'plain', 'values', 'omegaconf' or 'argparse', got {to!r}")


def values_of(value: Any) -> Any:
    """Return a value as nested dicts, lists, strings, numbers, booleans and None, without tags."""
    if hasattr(type(value), "__pconfig_schema__"):
        return {
            name: values_of(getattr(value, name))
            for name, field in schema_of(value).fields.items()
            if Secret not in field.markers and getattr(value, name) is not Omitted
        }
    if isinstance(value, dict):
        return dict(zip(_keys(value), map(values_of, value.values()), strict=True))
    if isinstance(value, (set, frozenset)):
        return sorted(map(values_of, value), key=key_text)
    if isinstance(value, (list, tuple)):
        return [values_of(item) for item in value]
    return _one(value)


def _keys(value: dict[Any, Any]) -> list[Any]:
    """Return the keys of a dict as plain scalars, no two of them alike."""
    taken = {key for key in value if type(key) in PLAIN}
    found: list[Any] = []
    for key in value:
        name = key
        if type(key) not in PLAIN:
            name = _one(key)
            if isinstance(name, (list, dict)):
                name = one_line(key, ForeignCode())
            while name in taken:
                name = f"{name} ({type(key).__name__})"
            taken.add(name)
        found.append(name)
    return found


def _one(value: Any) -> Any:
    """Return a value without parts as plain data, without a tag."""
    if type(value) in PLAIN or type(value) is float:
        return value
    out = Dump(computed=True)
    data = converter_of(ANY).dump(value, out)
    if isinstance(data, dict) and len(data) == 1 and next(iter(data))[:1] == "$":
        inner = next(iter(data.values()))
        is_member = next(iter(data)) == ENUM
        return inner.rpartition(".")[2] if is_member else inner
    return data
