"""Summaries of values: as code where that is short, cut where it is not."""

from __future__ import annotations

from typing import Any

from pconfigs.annotations.kinds import is_dict, is_sequence
from pconfigs.codegen.documents import Documents, flat_text
from pconfigs.codegen.foreign_code import ForeignCode
from pconfigs.codegen.imports import ImportNames
from pconfigs.codegen.literals import SCALARS
from pconfigs.errors.formatting import class_name, cut, shorten
from pconfigs.markers import Marker
from pconfigs.schema.class_schema import is_config

ELLIPSIS = "..."
FUNCTIONS: frozenset[type] = frozenset(map(type, (class_name, len, "".join, str.join)))


def short(value: Any, limit: int = 40) -> str:
    """Return one line of at most `limit` characters: `"adam"`, `Model(...)`, `[0.1, 0.2, ...`."""
    return cut(words(value, max(limit, 20) * 4), limit)


def words(value: Any, limit: int = 2000) -> str:
    """Return one line of code-like text; long strings and lists are cut a little after `limit`."""
    if is_config(value):
        return f"{type(value).__name__}(...)"
    if isinstance(value, Marker):
        return value.__name__
    if isinstance(value, type):
        return class_name(value)
    kind = type(value)
    write = SCALARS.get(kind)
    if write is not None:
        head = value[:limit] if isinstance(value, (str, bytes)) else value
        code = write(head)
        if code is not None:
            return code
    if is_dict(value):
        pairs: list[tuple[Any, Any]] = [*value.items()][: limit // 4]
        items = [f"{words(k, limit)}: {words(v, limit)}" for k, v in pairs]
        return f"{{{', '.join(items)}}}"
    if is_sequence(value) and not hasattr(value, "_fields"):
        listed: list[Any] = list(value[: limit // 2])
        inner = ", ".join([words(item, limit) for item in listed])
        return (
            f"[{inner}]"
            if isinstance(value, list)
            else f"({inner}{',' if len(listed) == 1 else ''})"
        )
    return _as_code(value) or _function_name(value, kind) or shorten(value, limit)


def _function_name(value: Any, kind: type) -> str:
    """Return the name of a function that cannot be imported, without its address; or nothing."""
    if kind not in FUNCTIONS:
        return ""
    name: str = value.__qualname__.rpartition("<locals>.")[2]
    return f"<function {name.strip('<>')}>"


def _as_code(value: Any) -> str:
    """Return the code of an enum member, a path, a set, a function, …; nothing if it has none."""
    made = Documents(ImportNames(rename=False), ForeignCode(), whole=True)
    code = flat_text(made.of(value))
    return code if code and not made.comments else ""


def cut_inside(text: str, limit: int) -> str:
    """Return a path in at most `limit` characters, cut in its middle."""
    if len(text) <= limit:
        return text
    head = limit // 3
    return f"{text[:head]}{ELLIPSIS}{text[head + len(ELLIPSIS) - limit :]}"


def contrast(before: Any, after: Any, limit: int = 34) -> tuple[str, str]:
    """Return two values in few words each, cut so that their difference remains."""
    one, other = words(before, 100_000), words(after, 100_000)
    if len(one) <= limit and len(other) <= limit:
        return one, other
    first = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    start = max(0, first - limit // 3)
    if start <= len(ELLIPSIS):
        return cut(one, limit), cut(other, limit)
    return _window(one, start, limit), _window(other, start, limit)


def _window(text: str, start: int, limit: int) -> str:
    rest = text[start:]
    return ELLIPSIS + cut(rest, limit - len(ELLIPSIS))
