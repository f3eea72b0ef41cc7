"""Shapes of the files of a record: which type each value has that commands rely on.

A shape is a type, a tuple of alternatives, `[shape]` for a list, `[shape, shape]` for one of two,
`{str: shape}` for a dict with any names, `{"name": shape}` for one in which these names have that
shape if they are there, `Whole` for one in which all of them are there, or `SECONDS`. Names that no
command reads may hold anything.
"""

from __future__ import annotations

from json import loads

from pconfigs.serialization.conversion.tags import DEEPEST

TYPE_CHECKING = False  # every recorded run imports this
if TYPE_CHECKING:
    from typing import Any


class Whole(dict["str", "Any"]):
    """A shape of a dict that has all of these names."""


SECONDS = object()
"""A time since 1970, up to the year 9999, or a length of time."""
_LAST = 253_370_764_800.0  # as of which datetime refuses, in the last of all time zones
NONE = type(None)
TEXTS = [str]
HOST = {"name": str, "system": str, "cpus": (int, NONE), "python": str, "gpus": TEXTS}
PROCESS = Whole(pid=int, host=str, boot=str, namespace=str, start=(int, NONE))
VERSION = {
    "ref": str, "name": str, "version": str, "digest": str, "path": str, "type": str, "field": str,
    "asked": str, "producer": str, "metadata": dict, "attempt": int, "logged": SECONDS,
}  # fmt: skip
SHAPES: dict[str, Any] = {
    "run": {
        "name": str, "target": (str, NONE), "overrides": TEXTS, "options": TEXTS,
        "arguments": TEXTS, "class": str, "fingerprint": str, "bases": TEXTS, "smoke": bool,
        "planned": SECONDS, "consumed": [VERSION],
    },
    "status": {
        "state": str, "attempt": int, "started": (SECONDS, NONE), "ended": (SECONDS, NONE),
        "queued": SECONDS, "took": SECONDS, "exit_code": (int, NONE), "process": (PROCESS, NONE),
        "error": (Whole(type=str, text=str, place=str), NONE), "last": (dict, NONE),
    },
    "gone": {"attempt": int, "word": str},
    "code": {
        "traced": bool, "functions": {str: [[str, int]]},
        "files": {str: Whole(module=(str, NONE), content=str)},
    },
    "launches": {
        "launch": str, "kind": str, "attempt": int, "process": PROCESS, "made": SECONDS,
    },
    "engine": {"kind": str, "executor": dict, "handles": {str: str}, "process": PROCESS},
    "trackers": {
        "remembered": dict, "offsets": {str: int}, "rows": int, "artifacts": TEXTS, "closed": int,
        "problem": str,
    },
    "reads": {"read": TEXTS},
    "golden": {"metrics": dict, "functions": {str: str}},
    "consumed": {"artifacts": [VERSION]},
    "produced": VERSION,
    "notes": {"time": SECONDS, "text": str},
    "attempts": {
        "started": SECONDS, "ended": SECONDS, "state": str, "exit_code": (int, NONE), "host": HOST,
        "process": PROCESS, "cwd": str, "environment": dict, "reads": dict, "packages": dict,
        "seeds": dict,
    },
}  # fmt: skip


def misfit(data: Any, shape: Any, path: str = "") -> str:
    """Return the path of the first value that is not of its shape; "" where all are."""
    if shape is SECONDS:
        number = type(data) in (int, float)
        return "" if number and -_LAST < data < _LAST else path or "it"
    if isinstance(shape, tuple):
        return "" if any(not misfit(data, one, path) for one in shape) else path or "it"
    # Not isinstance: a bool does not count as a number here.
    kind: object = type(data)
    if isinstance(shape, list):
        if kind is not list or 1 < len(shape) != len(data):
            return path or "it"
        shapes = shape if len(shape) > 1 else shape * len(data)
        found = (misfit(one, shapes[i], f"{path}[{i}]") for i, one in enumerate(data))
        return next(filter(None, found), "")
    if kind is not (dict if isinstance(shape, dict) else shape):
        return path or "it"
    if isinstance(shape, dict):
        start, anything = f"{path}." if path else "", shape.get(str)
        missing = shape.keys() - data.keys() if isinstance(shape, Whole) else ()
        if missing:
            return f"{start}{min(missing)}"
        found = (
            misfit(one, anything or shape[key], start + key)
            for key, one in data.items()
            if anything or key in shape
        )
        return next(filter(None, found), "")
    return ""


def _is_deep(content: bytes | str, data: object) -> bool:
    """Return whether parsed JSON is nested deeper than configs are; Python 3.12+ parses that."""
    if isinstance(content, str):
        brackets = content.count("{") + content.count("[")
    else:
        brackets = content.count(b"{") + content.count(b"[")
    if brackets <= DEEPEST:
        return False  # each level takes a bracket: most files are not walked
    level: list[Any] = [data]
    for _ in range(DEEPEST):
        parts = (one.values() if type(one) is dict else one for one in level)
        level = [part for inside in parts for part in inside if type(part) in (dict, list)]
    return bool(level)


def parse(content: bytes | str, name: str) -> dict[str, Any]:
    """Return the JSON object in a file, or in a line of it.

    Args:
        content: JSON.
        name: Of the file.

    Raises:
        ValueError: It is malformed, or a value in it is not of the type that it has to be.
    """
    data: Any = None
    try:
        data = loads(content)
        deep = type(data) in (dict, list) and _is_deep(content, data)
    except RecursionError:
        deep = True
    if deep:
        raise ValueError("it is nested too deeply")
    if type(data) is not dict:
        raise ValueError(f"it must be an object, got {type(data).__name__}")
    wrong = misfit(data, SHAPES.get(name.partition("/")[0].partition(".")[0], dict))
    if wrong:
        raise ValueError(f"{wrong} has the wrong type")
    return data
