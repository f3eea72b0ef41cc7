"""Metrics: checking what is logged, writing a row as one line, reading rows.

A line is `{"attempt": 1, "step": 3, "time": 1767225600.123, "values": {"loss": 0.25}}`.
"""

from __future__ import annotations

import os
import time
from json import dumps, loads

from pconfigs import errors
from pconfigs.annotations.kinds import NUMBERS
from pconfigs.atomic_files import regular
from pconfigs.runs.folder import LineFile, of_rank

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from pconfigs.runs.folder import RunFolder

PLAIN = frozenset((int, float, str, bool))
METRICS = "metrics.jsonl"
_DEEPEST = 100
_STEPS = frozenset((int, type(None)))
_FURTHEST = 1 << 63
_LARGEST = 1 << 1023
"""Steps and whole numbers from here on are refused: curves are made of floats, which end there."""


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return `values` as plain values by dotted name.

    Raises:
        LogError: A value is neither number, string nor boolean, nor a mapping of these.
    """
    row: dict[str, Any] = {}
    _add(row, "", values)
    return row


def _add(row: dict[str, Any], start: str, values: Mapping[Any, Any]) -> None:
    """Add the values in a mapping to a row, under names that begin with `start`."""
    for key in values.keys():  # noqa: SIM118 - a mapping of another library may iterate otherwise
        if not isinstance(key, str) or not key:
            raise errors.LogError(f"a name in {start[:-1] or 'the row'}", "must be a string", key)
        name, value = f"{start}{key}", values[key]
        if type(value) not in PLAIN:
            if hasattr(value, "keys") and hasattr(value, "__getitem__"):
                if name.count(".") > _DEEPEST:  # it may hold itself
                    top = name.partition(".")[0]
                    raise errors.LogError(top, "must not be nested so deeply", value)
                _add(row, f"{name}.", value)
                continue
            value = _plain(name, value)
        if name in row:
            raise errors.LogError(name, "must be logged once in a row", value)
        if not _fits(value):
            raise errors.LogError(name, "must be a number that a float can hold", value)
        row[name] = value


def _plain(name: str, value: Any) -> int | float | str | bool:
    """Return a value of another type as a plain one."""
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    item = getattr(value, "item", None)
    if callable(item):
        # Zero dimensions only: an array of one element may be an array by mistake.
        if getattr(value, "shape", ()) != ():
            raise errors.LogError(
                name,
                f"must be a scalar, and has shape {tuple(value.shape)}",
                value,
                "log .mean(), .item() of one element, or each element by a name of its own",
            )
        found = item()
        if type(found) in PLAIN:
            return found  # type: ignore[no-any-return]
    raise errors.LogError(
        name,
        "must be a number, string or boolean",
        value,
        "log float(...) or str(...) of it, or prun.log_artifact for files",
    )


def checked_step(step: Any) -> int:
    """Return a step as an int.

    Raises:
        LogError: It is not a whole number.
    """
    index = getattr(step, "__index__", None)
    if isinstance(step, (bool, str)) or (index is None and not callable(getattr(step, "item", 0))):
        raise errors.LogError("step", "must be int", step)
    found = index() if index is not None else step.item()
    if type(found) is not int:
        raise errors.LogError("step", "must be int", step)
    if not -_FURTHEST <= found < _FURTHEST:
        raise errors.LogError("step", "must be an int of 64 bits", step)
    return found


class MetricsFile(LineFile):
    """The rows of one process; safe to use from several threads.

    Args:
        folder: Of the run; the file is created there, or continued.
        rank: Of the process.
        attempt: Number of the attempt, which each row carries.
        pid: Of a forked child, which has a file of its own.
    """

    __slots__ = ("_owner", "_start")

    def __init__(self, folder: str, rank: int, attempt: int, pid: int | None = None) -> None:
        self._owner = folder, rank, attempt
        name = METRICS if pid is None else f"metrics.p{pid}.jsonl"
        super().__init__(os.path.join(folder, of_rank(name, rank)))
        self._start = f'{{"attempt":{attempt},"step":'

    def of_child(self) -> MetricsFile:
        """Return the file of this process, which was forked from that of this file."""
        return MetricsFile(*self._owner, os.getpid())

    def write(self, step: int | None, row: Mapping[str, Any]) -> None:
        """Append one row.

        Raises:
            OSError: The line could not be written, or not the whole of it.
        """
        number = "null" if step is None else step
        line = f'{self._start}{number},"time":{time.time():.3f},"values":{dumps(row)}}}\n'
        self.append(line.encode())


def files_of(folder: RunFolder) -> list[tuple[str, int]]:
    """Return paths and ranks of the files of rows in a run's folder, rank 0 first."""
    found = sorted((_rank_of(name), name) for name in folder.of_ranks(METRICS))
    return [(folder.file(name), rank) for rank, name in found]


def _rank_of(name: str) -> int:
    word = name.split(".")[1]
    return int(word[1:]) if word[:1] == "r" and word[1:].isdecimal() else 0


def rows_of(path: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a file; torn lines are dropped."""
    try:
        with open(path, "rb", opener=regular) as file:
            yield from filter(None, map(parsed, file))
    except FileNotFoundError:
        return


def parsed(line: bytes) -> dict[str, Any] | None:
    """Return the row in a line, or None where the line is torn."""
    if line[-1:] != b"\n":
        return None
    try:
        row = loads(line)
    except (ValueError, RecursionError):
        return None
    return row if _is_row(row) else None


def _is_row(row: Any) -> bool:
    """Return whether a row holds what a writer of ours puts there."""
    return (
        type(row) is dict
        and type(values := row.get("values")) is dict
        and PLAIN.issuperset(kinds := set(map(type, values.values())))
        and type(row.get("attempt", 1)) is int
        and type(step := row.get("step")) in _STEPS
        and -_FURTHEST <= (step or 0) < _FURTHEST
        # Most rows have floats alone, and there may be millions.
        and (int not in kinds or all(map(_fits, values.values())))
        and type(row.get("time", 0)) in NUMBERS
    )


def _fits(value: object) -> bool:
    """Return whether a float can hold a value, if it is a whole number."""
    return type(value) is not int or -_LARGEST < value < _LARGEST


TAIL = 1 << 16


def last_values(path: str) -> dict[str, Any]:
    """Return the last value of each metric in a file.

    Of a file beyond 4 MB, the first 64 kB and the last 4 MB are read.
    """
    try:
        size = os.path.getsize(path)
    except FileNotFoundError:
        return {}
    last: dict[str, Any] = {}
    for row in rows_of(path) if size <= 64 * TAIL else _tail_rows(path):
        last.update(row["values"])
    return last


def _tail_rows(path: str) -> Iterator[dict[str, Any]]:
    with open(path, "rb", opener=regular) as file:
        yield from filter(None, map(parsed, file.readlines(TAIL)))
        file.seek(-64 * TAIL, os.SEEK_END)
        file.readline()
        yield from filter(None, map(parsed, file))


def given_twice(values: Mapping[str, Any], more: Mapping[str, Any]) -> errors.LogError:
    """Return the error for names that are in the mapping and among the keywords."""
    name = next(name for name in more if name in values)
    return errors.LogError(
        name, "must be logged once in a row", more[name], "remove one of the two"
    )
