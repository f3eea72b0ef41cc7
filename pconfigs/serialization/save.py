"""Saving: configs in files, whose suffix tells the format."""

from __future__ import annotations

import os

from pconfigs.annotations.kinds import is_a, is_dict, is_sequence, kind_of
from pconfigs.atomic_files import replace_file
from pconfigs.errors.formatting import listed
from pconfigs.errors.serialization import FormatError, LoadProblem, Unsavable, UnsavableError
from pconfigs.serialization.dump import TYPE, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

FORMATS = {
    ".json": "json_format",
    ".yaml": "yaml_format",
    ".yml": "yaml_format",
    ".toml": "toml_format",
}
LARGEST = 1 << 28
"""Bytes of a file that is read."""


def psave(config: Any, path: str | os.PathLike[str], /) -> None:
    """Save a config in a file, whose suffix tells the format: `.json`, `.yaml`, `.yml`, `.toml`.

    The file is replaced at once: whoever reads it meanwhile, or after this was interrupted, finds
    the old one or the new one.

    Raises:
        UnsavableError: The config has values without a plain form; all of them are named.
        FormatError: The suffix tells no format.
    """
    if not hasattr(kind_of(config), "__pconfig_schema__"):
        raise TypeError(f"psave takes a config, but got {type(config).__qualname__}")
    name = os.fspath(path)
    module = _format_of(name, "saved")
    data = plain(config)
    try:
        content = module.write(data).encode("utf-8")
    except ValueError as error:
        kind = os.path.splitext(name)[1][1:].upper()
        # Where it is no value, it is a key.
        problems = list(_unwritable(data, module)) or [Unsavable("a key", kind, str(error))]
        raise UnsavableError(kind_of(config), problems) from error
    replace_file(name, content)


def _unwritable(data: Any, module: Any) -> Iterator[Unsavable]:
    """The values of plain data that a format has no form for."""
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
                module.write({"value": value}).encode("utf-8")
            except ValueError as error:
                yield Unsavable(path, type(value).__name__, str(error))


def read_file(name: str) -> Any:
    """Plain data of a file.

    Raises:
        FormatError: It is not of its format.
    """
    module = _format_of(name, "loaded")
    with open(name, "rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise FormatError([LoadProblem("", f"it is larger than {LARGEST >> 20} MB")], name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError([LoadProblem("", f"it is no UTF-8: {error}")], name) from error
    try:
        data = module.read(text)
        if FORMATS[os.path.splitext(name)[1].lower()] == "yaml_format" and _asks(data):
            from pconfigs.serialization.formats.omegaconf_format import read_interpolated

            data = read_interpolated(text)
    except FormatError as error:
        raise FormatError(error.problems, name) from error.__cause__
    return data


def _asks(data: Any) -> bool:
    """Whether a file that we have not written has interpolations or missing values in it."""
    if not is_a(data, dict) or TYPE in data:
        return False
    pending: list[Any] = [data]
    seen: set[int] = set()
    while pending:
        one = pending.pop()
        if isinstance(one, str):
            if "${" in one or one == "???":
                return True
        elif id(one) not in seen:
            seen.add(id(one))
            pending.extend(one.values() if is_a(one, dict) else one)
    return False


def _format_of(name: str, action: str) -> Any:
    """The module that reads and writes a file of this name."""
    suffix = os.path.splitext(name)[1].lower()
    if suffix not in FORMATS:
        words = f"its suffix tells no format: {suffix or 'it has none'}"
        problem = LoadProblem("", words, f"name it {listed([*FORMATS], 'or')}")
        raise FormatError([problem], name, action)
    home = f"pconfigs.serialization.formats.{FORMATS[suffix]}"
    return __import__(home, fromlist=["read"])
