"""Loading: configs from plain data and from files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pconfigs import serialization
from pconfigs.errors.base import Problem
from pconfigs.errors.serialization import (
    DefaultChangedWarning,
    DriftError,
    LoadError,
)
from pconfigs.provenance.data_files import DataFile
from pconfigs.provenance.origins import user_call_site
from pconfigs.schema.class_schema import is_config, is_config_class
from pconfigs.serialization import formats
from pconfigs.serialization.allowlist import ImportAllowlist
from pconfigs.serialization.conversion.config_converter import config_converter
from pconfigs.serialization.conversion.tags import TYPE
from pconfigs.serialization.drift import contrasted
from pconfigs.serialization.dump import plain
from pconfigs.serialization.formats.namespace import from_namespace
from pconfigs.serialization.load_context import Load, not_a_mapping
from pconfigs.serialization.places import place_in_data
from pconfigs.serialization.save import read_with_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.serialization.formats.references import Resolvers

C = TypeVar("C")

DRIFTS = ("refuse", "accept", "as-saved")


def pload(
    data: Any,
    of: type[C],
    /,
    *,
    drift: str = "refuse",
    allow: str | Iterable[str] = (),
    resolvers: Resolvers | None = None,
    base: C | None = None,
) -> C:
    """Return the config of plain data: of the requested class, or of one derived from it.

    Args:
        data: The result of `pdump`; or nested dicts with the values of fields, an OmegaConf
            DictConfig, an `argparse.Namespace`, whose names may have dots.
        of: The requested class.
        drift: What to do where code computes other values than were saved: `"refuse"`, `"accept"`
            those of today, or keep them `"as-saved"`.
        allow: Packages and modules that the data may name in addition to that of the class and
            those that its fields mention.
        resolvers: Functions that `${name:argument}` in the data may call, by name. Where they are
            given, and in trees of OmegaConf, `${key}` is replaced by the value of the key.
        base: A config that has all that the data does not mention. Mappings merge, everything else
            replaces; values that follow from others go on following them.

    Raises:
        LoadError: The data is not such a config; all problems are reported, path by path.
        DriftError: Code computes other values today.
    """
    _refuse_arguments("pload", of, drift)
    call = user_call_site()
    if base is not None:
        _refuse_base(base, of, drift)
        return serialization.overlay.overlay(base, neutral(data), of, allow, resolvers, call)  # type: ignore[no-any-return]
    return load(neutral(data, resolvers), of, drift, allow, call, "")  # type: ignore[no-any-return]


def pload_file(
    path: str | os.PathLike[str],
    of: type[C],
    /,
    *,
    drift: str = "refuse",
    allow: str | Iterable[str] = (),
    resolvers: Resolvers | None = None,
    base: C | None = None,
) -> C:
    """Return the config in a file, whose suffix decides the format: `.json`, `.yaml`, `.toml`.

    The rest is as with `pload`. With a `base`, `defaults: other.yaml` in the file names files that
    it extends, where the class has no field of that name.

    Raises:
        FormatError: The file is malformed, or uses a feature that is refused for safety.
        LoadError: Its data is not such a config.
    """
    _refuse_arguments("pload_file", of, drift)
    name = os.fspath(path)
    if base is not None:
        _refuse_base(base, of, drift)
        return serialization.overlay.overlay_file(base, name, of, allow, resolvers)  # type: ignore[no-any-return]
    data, source = read_with_lines(name, resolvers)
    return load(data, of, drift, allow, source, name)  # type: ignore[no-any-return]


def _refuse_base(base: Any, of: type, drift: str) -> None:
    """Refuse a base that is not a config of the class, or leaves nothing to do for `drift`."""
    if not isinstance(base, of):
        got = base.__qualname__ if isinstance(base, type) else type(base).__qualname__
        raise TypeError(f"base must be a config of {of.__qualname__}, got {got}")
    if drift != "refuse":
        raise ValueError(
            f"drift={drift!r} has no effect with a base: its data has no computed values"
        )


def _refuse_arguments(function: str, of: Any, drift: str) -> None:
    if not is_config_class(of):
        raise TypeError(f"{function} must get a config class, got {of!r}")
    if drift not in DRIFTS:
        raise ValueError(f"drift must be 'refuse', 'accept' or 'as-saved', got {drift!r}")


def neutral(data: Any, resolvers: Resolvers | None = None) -> Any:
    """Return data of other libraries as plain data."""
    if isinstance(data, dict):
        if resolvers is None:
            return data
        return formats.references.resolved(data, resolvers)
    if is_config(data):
        return plain(data)
    cls = type(data)
    if cls.__module__.partition(".")[0] == "omegaconf":
        return formats.omegaconf_format.from_omegaconf(data, resolvers)
    if any((one.__module__, one.__qualname__) == ("argparse", "Namespace") for one in cls.__mro__):
        return from_namespace(data)
    return dict(data) if isinstance(data, Mapping) else data


def load(
    data: Any,
    of: type,
    drift: str,
    allow: str | Iterable[str],
    call: tuple[Any, int] | str | DataFile,
    source: str,
) -> Any:
    """Return the config of plain data.

    Args:
        data: Plain data.
        of: The requested class.
        drift: See `pload`.
        allow: See `pload`.
        call: What counts as where the configs were made: the code and instruction, or the file,
            as one whose lines are known or not.
        source: The file for messages, or nothing.
    """
    if not isinstance(data, dict):
        raise LoadError([Problem("", not_a_mapping(data))], source)
    reading = Load(data, ImportAllowlist(of, allow), (of,), TYPE in data, drift, call)
    config = reading.read(config_converter(of).validator)
    if reading.problems:
        place_in_data(reading.problems, data, source)
        raise LoadError(reading.problems, source)
    if not isinstance(config, of):
        words = f"must be {of.__qualname__}, got {type(config).__qualname__}"
        raise LoadError([Problem("", words)], source)
    if reading.drifts:
        raise DriftError(reading.drifts, source)
    if reading.changed_defaults:
        _warn_of_defaults(reading.changed_defaults, source)
    return config


def _warn_of_defaults(changed: list[tuple[str, Any, Any]], source: str) -> None:
    import warnings

    lines: list[str] = []
    for path, kept, today in changed:
        one, other = contrasted(kept, today)
        lines.append(f"    {path} = {one}, whose default is {other} now")
    start = f"{source}: " if source else ""
    words = f"{start}defaults have changed since it was saved; it keeps\n" + "\n".join(lines)
    warnings.warn(words, DefaultChangedWarning, stacklevel=4)
