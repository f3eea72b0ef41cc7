"""Loading: configs from plain data and from files."""

from __future__ import annotations

from pconfigs.annotations.kinds import is_a, kind_of
from pconfigs.errors.serialization import DefaultChangedWarning, DriftError, LoadError, LoadProblem
from pconfigs.provenance.origins import user_call_site
from pconfigs.reports.summaries import contrast
from pconfigs.schema.class_schema import is_config, is_config_class
from pconfigs.serialization.allowlist import ImportAllowlist
from pconfigs.serialization.decode import INVALID, NOT_SAVED, Decoder
from pconfigs.serialization.dump import TYPE
from pconfigs.serialization.instantiate import Instantiator
from pconfigs.serialization.quick_reading import quick_load
from pconfigs.validation.base import ClassValidator

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from typing import Any, TypeVar

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
    """The config that plain data tells: of the class asked for, or of one derived from it.

    Args:
        data: What `pdump` gives; or nested dicts with the values of fields, an OmegaConf
            DictConfig, an `argparse.Namespace`, whose names may have dots.
        of: The class asked for.
        drift: What to do where code computes other values than were saved: `"refuse"`, `"accept"`
            those of today, or keep them `"as-saved"`.
        allow: Packages and modules that the data may name beside that of the class and those that
            its fields mention.
        resolvers: Functions that `${name:argument}` in the data may call, by name. Where they are
            given, and in trees of OmegaConf, `${key}` is replaced by the value of the key.
        base: A config that has all that the data does not mention. Mappings merge, everything else
            replaces; values that follow from others go on following them.

    Raises:
        LoadError: The data is no such config; all that is wrong is told, path by path.
        DriftError: Code computes other values today.
    """
    if not is_config_class(of):
        raise TypeError(f"pload makes configs of a config class, but got {of!r}")
    if drift not in DRIFTS:
        raise ValueError(f"drift is 'refuse', 'accept' or 'as-saved', not {drift!r}")
    call = user_call_site()
    if base is not None:
        from pconfigs.serialization.overlay import overlay

        _refuse_other_base(base, of)
        return overlay(base, neutral(data), of, allow, resolvers, call)  # type: ignore[no-any-return]
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
    """The config in a file, whose suffix tells the format: `.json`, `.yaml`, `.yml` or `.toml`.

    The rest is as with `pload`. With a `base`, `defaults: other.yaml` in the file names files that
    it extends, where the class has no field of that name.

    Raises:
        FormatError: It is no such file, or not one of the harmless kind.
        LoadError: What it says is no such config.
    """
    import os

    from pconfigs.serialization.save import read_file

    if not is_config_class(of):
        raise TypeError(f"pload_file makes configs of a config class, but got {of!r}")
    if drift not in DRIFTS:
        raise ValueError(f"drift is 'refuse', 'accept' or 'as-saved', not {drift!r}")
    name = os.fspath(path)
    if base is not None:
        from pconfigs.serialization.overlay import overlay_file

        _refuse_other_base(base, of)
        return overlay_file(base, name, of, allow, resolvers)  # type: ignore[no-any-return]
    return load(read_file(name, resolvers), of, drift, allow, name, name)  # type: ignore[no-any-return]


def _refuse_other_base(base: Any, of: type) -> None:
    """Refuse a base that is not a config of the class."""
    if not isinstance(base, of):
        got = base.__qualname__ if isinstance(base, type) else type(base).__qualname__
        raise TypeError(f"base must be a config of {of.__qualname__}, got {got}")


def neutral(data: Any, resolvers: Resolvers | None = None) -> Any:
    """Return data of other libraries as plain data."""
    if is_a(data, dict):
        if resolvers is None:
            return data
        from pconfigs.serialization.formats.references import resolved

        return resolved(data, resolvers)
    if is_config(data):
        from pconfigs.serialization.dump import pdump

        return pdump(data)
    cls = kind_of(data)
    package = cls.__module__.partition(".")[0]
    if package == "omegaconf":
        from pconfigs.serialization.formats.omegaconf_format import from_omegaconf

        return from_omegaconf(data, resolvers)
    if any((one.__module__, one.__qualname__) == ("argparse", "Namespace") for one in cls.__mro__):
        from pconfigs.serialization.formats.namespace import from_namespace

        return from_namespace(data)
    return dict(data) if hasattr(data, "keys") and hasattr(data, "__getitem__") else data


def load(
    data: Any,
    of: type,
    drift: str,
    allow: str | Iterable[str],
    call: tuple[Any, int] | str,
    source: str,
) -> Any:
    """The config that neutral data tells."""
    if not is_a(data, dict):
        kind = "a text" if isinstance(data, str) else type(data).__name__
        words = f"a config is a mapping of its fields, not {kind}"
        raise LoadError([LoadProblem("", words)], source)
    found = quick_load(data, of, call)
    if found is not None:
        return found
    assembly = Instantiator((of,), TYPE in data, drift, call)
    config = Decoder(data, ImportAllowlist(of, allow), assembly).read(ClassValidator(of))
    if not assembly.problems and (config is INVALID or config is NOT_SAVED):
        assembly.problems.append(LoadProblem("", "an input was not saved"))
    if assembly.problems:
        raise LoadError(assembly.problems, source)
    if not isinstance(config, of):
        words = f"it is {type(config).__qualname__}, not {of.__qualname__}"
        raise LoadError([LoadProblem("", words)], source)
    if assembly.drifts:
        raise DriftError(assembly.drifts, source)
    if assembly.changed:
        _warn_of_defaults(assembly.changed, source)
    return config


def _warn_of_defaults(changed: list[tuple[str, Any, Any]], source: str) -> None:
    import warnings

    lines: list[str] = []
    for path, kept, today in changed:
        one, other = contrast(kept, today)
        lines.append(f"    {path} = {one}, whose default is {other} now")
    start = f"{source}: " if source else ""
    words = f"{start}defaults have changed since it was saved; it keeps\n" + "\n".join(lines)
    warnings.warn(words, DefaultChangedWarning, stacklevel=4)
