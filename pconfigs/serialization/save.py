"""Saving: configs in files, whose suffix determines the format."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from typing import Any

from pconfigs.annotations.kinds import is_dict, is_sequence
from pconfigs.atomic_files import read_regular, replace_file
from pconfigs.errors.base import Problem
from pconfigs.errors.formatting import listed
from pconfigs.errors.serialization import FormatError, Unsavable, UnsavableError
from pconfigs.provenance.data_files import DataFile
from pconfigs.schema.class_schema import require_config
from pconfigs.serialization import formats
from pconfigs.serialization.conversion.tags import TYPE
from pconfigs.serialization.dump import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.serialization.formats.references import Resolvers

FORMATS = {
    ".json": "json_format",
    ".yaml": "yaml_format",
    ".yml": "yaml_format",
    ".toml": "toml_format",
}
LARGEST = 1 << 28
"""Bytes of a file that is read."""


def psave(config: Any, path: str | os.PathLike[str], /) -> None:
    """Save a config in a file; its suffix is the format: `.json`, `.yaml`, `.yml`, `.toml`.

    The file is replaced at once: a reader at that time, or after an interruption, finds
    the old one or the new one.

    Raises:
        UnsavableError: The config has values without a plain form; all of them are named.
        FormatError: The suffix is unknown.
    """
    require_config("psave", config)
    name = os.fspath(path)
    module = _format_of(name, "saved")
    data = plain(config)

    def encode(data: Any) -> bytes:
        content: bytes = module.write(data).encode("utf-8")
        return content

    try:
        content = encode(data)
    except ValueError as error:
        kind = os.path.splitext(name)[1][1:].upper()
        raise unwritable(type(config), data, kind, encode, error) from error
    replace_file(name, content)


def unwritable(
    config_class: type, data: Any, kind: str, write: Callable[[Any], object], error: ValueError
) -> UnsavableError:
    """Return what is raised for plain data that a format has no form for.

    Args:
        config_class: The class of the config that the data is of.
        data: The data, of which all such values are named.
        kind: The format.
        write: What writes data in it.
        error: What was raised for the whole.
    """
    # If it is not a value, it is a key.
    problems = list(_unwritable(data, write)) or [Unsavable("a key", kind, str(error))]
    return UnsavableError(config_class, problems)


def _unwritable(data: Any, write: Callable[[Any], object]) -> Iterator[Unsavable]:
    """Yield the values of plain data that a format has no form for."""
    pending: list[tuple[str, Any]] = [("", data)]
    while pending:
        path, value = pending.pop()
        if is_dict(value):
            pairs = [(f"{path}.{key}" if path else str(key), v) for key, v in value.items()]
            pending.extend(reversed(pairs))
        elif is_sequence(value):
            pending.extend((f"{path}[{i}]", item) for i, item in reversed([*enumerate(value)]))
        else:
            try:
                write({"value": value})
            except ValueError as error:
                yield Unsavable(path, type(value).__name__, str(error))


def read_with_lines(name: str, resolvers: Resolvers | None = None) -> tuple[Any, DataFile]:
    """Return the plain data of a file, and what knows the lines of its keys.

    Raises:
        FormatError: It is not of its format, or not a regular file of at most 256 MB.
    """
    data, source = read_unresolved(name)
    try:
        if resolvers is not None or _is_foreign_yaml(name, data):
            references = formats.references
            data = references.resolved(data, resolvers) if references.has_references(data) else data
    except FormatError as error:
        raise FormatError(error.problems, name) from error.__cause__
    return data, source


def read_unresolved(name: str) -> tuple[Any, DataFile]:
    """Return what `read_with_lines` does, with references as they are written."""
    module = _format_of(name, "loaded")
    content = _content(name)
    try:
        data = module.read(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise FormatError([Problem("", f"invalid UTF-8: {error}")], name) from error
    except FormatError as error:
        raise FormatError(error.problems, name) from error.__cause__
    return data, DataFile.of(name, content, module.located)


def _is_foreign_yaml(name: str, data: Any) -> bool:
    """Return whether a file is YAML that we have not written, in which `${...}` is a reference."""
    suffix = os.path.splitext(name)[1].lower()
    return FORMATS[suffix] == "yaml_format" and isinstance(data, dict) and TYPE not in data


def _content(name: str) -> bytes:
    """Return the bytes of a regular file; opening anything else may block for ever."""
    try:
        content = read_regular(name, LARGEST + 1)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        raise FormatError([Problem("", "it must be a regular file")], name) from None
    if len(content) > LARGEST:
        raise FormatError([Problem("", f"it is larger than {LARGEST >> 20} MB")], name)
    return content


def _format_of(name: str, action: str) -> Any:
    """Return the module that reads and writes a file of this name."""
    suffix = os.path.splitext(name)[1].lower()
    if suffix not in FORMATS:
        words = f"its suffix is not a known format: {suffix or 'it has none'}"
        problem = Problem("", words, f"name it {listed([*FORMATS], 'or')}")
        raise FormatError([problem], name, action)
    home = f"pconfigs.serialization.formats.{FORMATS[suffix]}"
    return __import__(home, fromlist=["read"])
