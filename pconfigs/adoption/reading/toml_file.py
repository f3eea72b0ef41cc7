"""TOML files as trees, with the comments at their keys."""

from __future__ import annotations

import re
from pathlib import Path as FilePath
from typing import Any

from pconfigs.adoption.nodes import Mapping, Node, Notes, Path, Place, Scalar, Sequence
from pconfigs.adoption.source import Source
from pconfigs.atomic_files import read_regular
from pconfigs.errors.base import Problem
from pconfigs.errors.serialization import AdoptError
from pconfigs.serialization.formats.toml_format import parse

# The reader of TOML keeps neither lines nor comments: these find the headers, and keys with the
# comment at the end of their line, in which a quote or `#` may be that of a string.
_TABLE = re.compile(r"\s*\[\s*([\w.\"' -]+?)\s*\]\s*(?:#.*)?")
_KEY = re.compile(r"\s*([\w.-]+|\"[^\"]*\")\s*=.*?(?:#\s*([^\"'#]*))?")


def read_toml(file: FilePath) -> Source:
    """Return the values of a TOML file.

    Raises:
        AdoptError: It is malformed.
    """
    shown = str(file)
    try:
        text = read_regular(str(file)).decode()
        data = parse(text)
    except ValueError as error:
        raise AdoptError([Problem(shown, f"must be TOML: {error}")]) from error
    lines = _lines(text)
    tree = _node(data, (), shown, lines)
    assert isinstance(tree, Mapping)
    return Source(file.stem, shown, tree)


def _node(value: Any, path: Path, shown: str, lines: dict[Path, tuple[int, str]]) -> Node:
    """Return the node for a value of TOML."""
    line, comment = lines.get(path, (1, ""))
    place, notes = Place(shown, line), Notes(comment)
    if isinstance(value, dict):
        items = {key: _node(item, (*path, key), shown, lines) for key, item in value.items()}
        return Mapping(place=place, notes=notes, items=items)
    if isinstance(value, list):
        found = [_node(item, (*path, n), shown, lines) for n, item in enumerate(value)]
        return Sequence(place=place, notes=notes, items=found)
    return Scalar(place=place, notes=notes, value=value)


def _lines(text: str) -> dict[Path, tuple[int, str]]:
    """Return the line of each key and table, and the comments above it and on its line."""
    found: dict[Path, tuple[int, str]] = {}
    table: Path = ()
    above: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if bare.startswith("#"):
            above.append(bare.lstrip("# "))
            continue
        header, key = _TABLE.fullmatch(line), _KEY.fullmatch(line)
        if header is not None:
            table = tuple(part.strip(" \"'") for part in header[1].split("."))
            found[table] = number, "\n".join(above)
        elif key is not None:
            steps = tuple(part.strip(" \"'") for part in key[1].split("."))
            words = [*above, (key[2] or "").strip()]
            found[(*table, *steps)] = number, "\n".join(filter(None, words))
        above = []
    return found
