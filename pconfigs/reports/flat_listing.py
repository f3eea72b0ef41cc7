"""Listing: a config as one line for each leaf, `model.blocks[2].width = 64`, sorted.

Configs, lists, tuples and dicts are entered; empty ones are leaves, and so is everything else.
Only fields are listed. The lines are sorted as plain text, so that `comm` and `join` work on them.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import kind_of
from pconfigs.codegen.config_body import Entries
from pconfigs.codegen.literals import SCALARS
from pconfigs.codegen.nodes import SHAPES, Collapsed, Unprintable
from pconfigs.codegen.one_line import SCHEMA, one_line
from pconfigs.codegen.printer import ForeignCode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

LISTS = frozenset(
    cls for cls, describer in SHAPES.items() if describer in (SHAPES[list], SHAPES[tuple])
)
DICTS = frozenset(cls for cls, describer in SHAPES.items() if describer is SHAPES[dict])


def leaves(value: Any, depth: int | None = None) -> Iterator[tuple[str, Any]]:
    """Path and value of each leaf, in print order; below `depth` levels configs are leaves."""
    known: dict[type, Entries] = {}
    around: set[int] = set()
    # A level of -1 says that all inside has been seen.
    pending: list[tuple[str, Any, int]] = [("", value, 0)]
    while pending:
        path, value, level = pending.pop()
        if level < 0:
            around.discard(id(value))
            continue
        kind = kind_of(value)
        is_config = hasattr(kind, SCHEMA)
        if is_config and level == depth:
            yield path, Collapsed(kind)
            continue
        if id(value) in around:
            yield path, Unprintable(f"<{type(value).__name__} that contains itself>")
            continue
        inside = None if kind_of(value) in SCALARS else inside_of(path, value, known)
        if not inside:
            yield path, value
            continue
        around.add(id(value))
        pending.append((path, value, -1))
        pending.extend((step, item, level + is_config) for step, item in reversed(inside))


def flat_lines(value: Any, *, depth: int | None = None) -> list[str]:
    """The sorted lines `path = value` of a config; a value on its own is one line without a path.

    Args:
        value: A config, or whatever else there is to list.
        depth: How many levels of configs are entered; deeper ones are `Name(...)`.
    """
    formatter = ForeignCode()
    lines: list[str] = []
    for path, leaf in leaves(value, depth):
        kind = kind_of(leaf)
        scalar = SCALARS.get(kind)
        code = (scalar(leaf) if scalar is not None else None) or one_line(leaf, formatter)
        lines.append(f"{path} = {code}" if path else code)
    return sorted(lines)


def inside_of(path: str, value: Any, known: dict[type, Entries]) -> list[tuple[str, Any]] | None:
    """Paths and values directly inside a value; None where it is not entered."""
    kind = kind_of(value)
    if hasattr(kind, SCHEMA):
        entries = known.get(kind)
        if entries is None:
            entries = known[kind] = Entries(kind, class_vars=False)
        dot = f"{path}." if path else ""
        return [
            (f"{dot}{name}", item)
            for name, item in zip(entries.names, entries.values(value), strict=True)
        ]
    if kind in LISTS:
        return [(f"{path}[{index}]", item) for index, item in enumerate(value)]
    if kind in DICTS:
        return [(f"{path}[{_key(key)}]", item) for key, item in value.items()]
    return None


def _key(key: Any) -> str:
    # Paths quote as Python does; other keys are told by their code.
    return repr(key) if type(key) in SCALARS else one_line(key, ForeignCode())
