"""Conditions on runs: `state=done`, `accuracy>0.9`, `model.hidden[0]=64`."""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

from pconfigs.annotations.kinds import MISSING
from pconfigs.errors.formatting import did_you_mean, some
from pconfigs.errors.targets import UsageError
from pconfigs.runs.reading.runs import Run

_FORM = re.compile(r"(?P<name>[^=<>!~]+)(?P<sign>==|!=|>=|<=|=|<|>|~)(?P<value>.*)")
_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "==": operator.eq, "!=": operator.ne,
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}  # fmt: skip
_ORDER = ("<", "<=", ">", ">=")
_FACTS = ("run", "name", "state", "took", "target", "exit_code", "fingerprint")


class Condition:
    """One condition.

    Attributes:
        text: As it was typed.
        name: Of a fact, a field or a metric; `metric.NAME` where a field has that name, too.
    """

    def __init__(self, text: str) -> None:
        match = _FORM.fullmatch(text.strip())
        if match is None:
            raise UsageError(
                "runs",
                f"a condition must be NAME=VALUE (or != < <= > >= ~), got {text!r}",
                ["such as state=done, accuracy>0.9, model.hidden[0]=64, run~digits"],
            )
        self.text, self.name = text, match["name"].rstrip()
        self.sign, self._word = match["sign"], match["value"].lstrip()
        self.value = _value(self._word)

    def holds(self, run: Run) -> bool:
        """Return whether it holds of a run; one that does not have the name fails all but `!=`."""
        found = value_of(run, self.name)
        if found is MISSING:
            return self.sign == "!="
        if self.sign == "~":
            return self._word in str(found)
        value = self.value
        if isinstance(found, str) and not isinstance(value, str):
            value = self._word  # the string "3" is typed as the number is
        if isinstance(value, (int, float)) != isinstance(found, (int, float)):
            return self.sign == "!="
        try:
            return _SIGNS[self.sign](found, value)
        except TypeError:
            return False

    def refuse_other_kind(self, runs: Sequence[Run]) -> None:
        """Raise UsageError where numbers are compared by size with a word."""
        if self.sign not in _ORDER or isinstance(self.value, (int, float)):
            return
        found = [value_of(run, self.name) for run in runs]
        known = [value for value in found if value is not MISSING and value is not None]
        if known and all(isinstance(value, (int, float)) for value in known):
            problem = f"{self.name} is a number, got {self._word!r} in {self.text!r}"
            raise UsageError("runs", problem, [f"such as {self.name}{self.sign}{known[0]}"])


def _value(word: str) -> Any:
    """Return the value that a word means: JSON, Python's names for it, or a string."""
    named = {"True": True, "False": False, "None": None, "nan": float("nan"), "inf": float("inf")}
    if word in named:
        return named[word]
    try:
        return json.loads(word)
    except (ValueError, RecursionError):
        return word.strip("'\"")


def value_of(run: Run, name: str) -> Any:
    """Return a fact, field or metric of a run, or `MISSING`."""
    if name in _FACTS:
        return run.id if name == "run" else getattr(run, name)
    if name.startswith("metric."):
        return run.last.get(name.removeprefix("metric."), MISSING)
    if name in run.values:
        return run.values[name]
    # An item of a list of scalars, which is one value.
    match = re.fullmatch(r"(.*)\[(-?\d{1,18})\]", name)
    if match is not None and isinstance(run.values.get(match[1]), list):
        items: list[Any] = run.values[match[1]]
        index = int(match[2])
        return items[index] if -len(items) <= index < len(items) else MISSING
    return run.last.get(name, MISSING)


def where(runs: Sequence[Run], conditions: Sequence[str]) -> list[Run]:
    """Return the runs of which all conditions hold.

    Raises:
        UsageError: A condition is malformed, names what no run has, or orders numbers by a word.
    """
    parsed = [Condition(text) for text in conditions]
    for condition in parsed:
        if runs and all(value_of(run, condition.name) is MISSING for run in runs):
            raise _unknown(condition, runs)
        condition.refuse_other_kind(runs)
    return [run for run in runs if all(condition.holds(run) for condition in parsed)]


def _unknown(condition: Condition, runs: Sequence[Run]) -> UsageError:
    fields = list(dict.fromkeys(path for run in runs for path in run.values))
    metrics = sorted({name for run in runs for name in run.last})
    meant = did_you_mean(condition.name, [*_FACTS, *fields, *metrics], "{}")
    hints = [meant, f"fields: {some(fields)}"]
    if metrics:
        hints.append(f"metrics: {some(metrics)}")
    problem = f"no run has a field or metric {condition.name!r}"
    return UsageError("runs", problem, hints)
