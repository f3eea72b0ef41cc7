"""Golden files: the values that an experiment resolved to, next to it, compared.

`second.py` with an experiment `config` has `second.config.golden`, which holds what
`python -m pconfigs.print --flat` prints: a line `path = value` for each value.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from pconfigs.annotations.kinds import MISSING
from pconfigs.atomic_files import regular
from pconfigs.errors.base import with_hints
from pconfigs.errors.formatting import cut, in_brackets, outside_brackets
from pconfigs.errors.paths import PathError
from pconfigs.markers import is_deferred
from pconfigs.provenance.origins import input_of, origin_of
from pconfigs.reports.flat_listing import flat_lines, leaves
from pconfigs.reports.tables import columns
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.schema.equality import same_value
from pconfigs.testing.discovery import GOLDEN as SUFFIX, shown
from pconfigs.testing.report import ModuleReport
from pconfigs.tree.paths import parse_path
from pconfigs.tree.walk import item_at

SHOWN = 20
"""Differences of a kind that are listed."""
PATH_WIDTH, VALUE_WIDTH = 50, 60
_ADVICE = "python -m pconfigs.test --update-golden"


class Difference:
    """A line that differs between a golden file and its experiment, or that one lacks.

    Attributes:
        path: Of the value.
        before: Its code in the golden file, or None where that has no such line.
        after: Its code today, or None.
        is_set: It was given; else it follows from what was.
        place: Where it is given today; "" if that is not known.
    """

    def __init__(self, path: str, before: str | None, after: str | None, config: Any) -> None:
        self.path, self.before, self.after = path, before, after
        self.is_set, self.place = _given_at(config, path)

    def row(self) -> tuple[str, ...]:
        """Return the difference in columns."""
        before = None if self.before is None else cut(self.before, VALUE_WIDTH)
        after = None if self.after is None else cut(self.after, VALUE_WIDTH)
        if before is None:
            what = f"added {after}"
        else:
            what = f"removed {before}" if after is None else f"{before} -> {after}"
        return (cut(self.path, PATH_WIDTH), what, self.place)


def check_golden_files(
    outcome: ModuleReport, experiments: Mapping[str, Any], update: bool = False
) -> None:
    """Compare the experiments of a module with their golden files, or write those that differ."""
    stem = outcome.found.path.removesuffix(".py")
    for name, config in experiments.items():
        path = f"{stem}.{name}{SUFFIX}"
        target = f"{outcome.found.name}.{name}"
        text = "\n".join(golden_lines(config)) + "\n"
        try:
            golden = _text_of(path)
        except OSError as error:
            problem = f"{shown(path)} cannot be read: {error.strerror or error}"
            outcome.problems.append(with_hints(problem, "remove it: golden files are written"))
            continue
        if golden == text:
            continue
        if update:
            outcome.write(path, text, golden is None)
        elif golden is None:
            advice = f"to write {shown(path)}: {_ADVICE}"
            outcome.problems.append(with_hints(f"{target} has no golden file yet", advice))
        else:
            outcome.problems.append(_difference_words(target, path, golden, config))
    for path in _left_over(stem, experiments):
        whose = f"an experiment that {outcome.found.name} does not have"
        _report_leftover(outcome, path, whose, update)


def check_lost_file(outcome: ModuleReport, update: bool) -> None:
    """Report a golden file whose module is gone, or remove it."""
    _report_leftover(outcome, outcome.found.path, "a module that is not there", update)


def _report_leftover(outcome: ModuleReport, path: str, whose: str, update: bool) -> None:
    if update:
        outcome.write(path, None)
    else:
        problem = f"{shown(path)} is of {whose}"
        outcome.problems.append(with_hints(problem, f"to remove it: {_ADVICE}"))


def _text_of(path: str) -> str | None:
    try:
        # Bytes that are not UTF-8 differ from what is written today; they are shown escaped.
        with open(path, encoding="utf-8", errors="backslashreplace", opener=regular) as file:
            return file.read()
    except FileNotFoundError:
        return None


def _left_over(stem: str, experiments: Mapping[str, Any]) -> list[str]:
    """Return golden files of a module for experiments that it does not have."""
    folder, name = os.path.split(stem)
    files = sorted(os.listdir(folder or os.curdir))
    mine = [file for file in files if file.startswith(f"{name}.") and file.endswith(SUFFIX)]
    return [
        os.path.join(folder, file)
        for file in mine
        if file[len(name) + 1 : -len(SUFFIX)] not in experiments
    ]


def _difference_words(target: str, path: str, golden: str, config: Any) -> str:
    """Return the differences, settings separated from values that follow."""
    found = differences(golden, config)
    lines = [f"{target} differs from {shown(path)}"]
    for title, rows in (
        ("set", [one.row() for one in found if one.is_set]),
        ("follow", _grouped([one for one in found if not one.is_set])),
    ):
        if rows:
            lines += [f"  {title}", *(f"    {line}" for line in columns(rows[:SHOWN]))]
        if len(rows) > SHOWN:
            lines.append(f"    and {len(rows) - SHOWN} more")
    if not found:
        lines.append("  its lines are out of order or duplicated")
    return "\n".join([*lines, f"    if that is meant: {_ADVICE}"])


def _grouped(found: list[Difference]) -> list[tuple[str, ...]]:
    """Return rows of what follows; items of one list or dict share a row."""
    groups: dict[str, list[Difference]] = {}
    for one in found:
        parent = one.path.rpartition("[")[0] if one.path.endswith("]") else one.path
        groups.setdefault(parent, []).append(one)
    return [
        group[0].row() if len(group) == 1 else (cut(parent, PATH_WIDTH), f"{len(group)} values")
        for parent, group in groups.items()
    ]


def differences(golden: str, config: Any) -> list[Difference]:
    """Return the differences between a golden file and a config, in print order."""
    before = dict(map(split_line, golden.splitlines()))
    after = dict(map(split_line, golden_lines(config)))
    if is_config(config):
        ordered = [path for path, _ in leaves(config)]
    else:
        config, ordered = list(config), list(after)
    return [
        Difference(path, before.get(path), after.get(path), config)
        for path in dict.fromkeys(ordered + list(before))
        if before.get(path) != after.get(path)
    ]


def golden_lines(value: Any) -> list[str]:
    """Return the lines of a golden file.

    Of a sweep, the first point is listed in full. Of any other point with the same paths only those
    lines are listed that differ from the first.
    """
    if is_config(value):
        return flat_lines(value)
    points = [dict(map(split_line, flat_lines(config))) for config in value]
    lines: list[str] = []
    for index, point in enumerate(points):
        is_like_first = index > 0 and point.keys() == points[0].keys()
        lines += [
            f"[{index}].{path} = {text}"
            for path, text in point.items()
            if not (is_like_first and text == points[0][path])
        ]
    return lines


def split_line(line: str) -> tuple[str, str]:
    """Return path and value of a line `path = value`; keys in the path may be any quoted text."""
    for position, _ in outside_brackets(line, 0, in_brackets):
        if line.startswith(" = ", position):
            return line[:position], line[position + 3 :]
    return "", line


def _given_at(config: Any, path: str) -> tuple[bool, str]:
    """Return whether the value at a path, or at its parent if it is gone, was given, and where.

    Values and what was given for them are followed side by side: below a property that repairs
    its input, some are as given and others are not.
    """
    value: Any = config
    given: Any = config
    owner: tuple[Any, str] | None = None
    try:
        steps = parse_path(path).steps
    except PathError:
        return True, ""
    for step in steps:
        if isinstance(step, str):
            if not is_config(value) or step not in schema_of(value).fields:
                return given is not MISSING, ""
            value = getattr(value, step)
            owner = (given, step)
            given = _given_for(given, step)
        else:
            inner = item_at(value, step.key)
            if inner is MISSING:
                break
            value, given = inner, item_at(given, step.key)
    if given is MISSING or owner is None or not same_value(given, value):
        return False, ""
    origin = origin_of(*owner)
    return True, origin.place.exact if origin is not None else ""


def _given_for(config: Any, name: str) -> Any:
    """Return the input of a field of a config, or `MISSING`."""
    if not is_config(config):
        return MISSING
    field = schema_of(config).fields.get(name)
    if field is None:
        return MISSING
    found = input_of(config, field)
    return MISSING if field.derived and is_deferred(found) else found
