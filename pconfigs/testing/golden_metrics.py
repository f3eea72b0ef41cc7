"""Golden metrics: what a small run logged last, next to its experiment, compared.

`second.py` with an experiment `config` has `second.config.metrics`, which holds the last value of
each metric of its smoke run, and a digest of each function that ran, in that run or in those that
produced its artifacts, so that a difference can be traced to the functions that changed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from pconfigs.atomic_files import read_regular
from pconfigs.errors.base import with_hints
from pconfigs.errors.formatting import some
from pconfigs.launchers.pipeline import small_with_producers
from pconfigs.runs.changes.states import code_of
from pconfigs.runs.lineage.finder import newest_run_of
from pconfigs.runs.reading.runs import Run
from pconfigs.runs.reading.shapes import parse
from pconfigs.runs.reading.summaries import read_runs
from pconfigs.runs.store import open_store
from pconfigs.serialization.dump import plain
from pconfigs.testing.discovery import shown
from pconfigs.testing.report import ModuleReport

SUFFIX = ".metrics"
TOLERANCE = 1e-6
"""Relative difference that counts as none: libraries add in another order on other machines."""
_ADVICE = "python -m pconfigs.test --smoke --update-golden"
_DIGITS = 12
_SHOWN = 5


class GoldenMetrics:
    """The metrics that one small run is to log.

    Args:
        outcome: The report of its module.
        name: Of the experiment in it.
        config: The experiment.
        update: Write the file where it differs.

    Raises:
        UnsavableError: Its small variant cannot be saved, and so not be recorded.
    """

    def __init__(self, outcome: ModuleReport, name: str, config: Any, update: bool) -> None:
        self._config = small_with_producers(config)
        plain(self._config)
        self._outcome, self._update = outcome, update
        self._target = f"{outcome.found.name}.{name}"
        self._path = f"{outcome.found.path.removesuffix('.py')}.{name}{SUFFIX}"

    def check(self, store_folder: str) -> None:
        """Compare what was logged with the file, or write that.

        Args:
            store_folder: Of the store in which it ran, with those that produce its artifacts alone.
        """
        runs = read_runs(open_store(store_folder), smoke=True)
        run = newest_run_of(self._config, runs)
        if run is not None:
            self._compare(run.last, runs)

    def _compare(self, last: Mapping[str, Any], runs: Sequence[Run]) -> None:
        held = _read(self._path)
        if not last and held is None:
            return
        if held is not None and not differing(held["metrics"], last):
            return
        if self._update:
            data = {"metrics": dict(last), "functions": functions_of(runs)}
            self._outcome.write(self._path, json.dumps(data, indent=1) + "\n", held is None)
        elif held is None:
            advice = f"to write {shown(self._path)}: {_ADVICE}"
            words = with_hints(f"{self._target} has no golden metrics yet", advice)
            self._outcome.problems.append(words)
        else:
            self._outcome.problems.append(self._words(held, last, runs))

    def _words(self, held: Mapping[str, Any], last: Mapping[str, Any], runs: Sequence[Run]) -> str:
        headline = f"{self._target} --smoke logs other metrics than {shown(self._path)}"
        lines = [
            f"{name}  {held['metrics'].get(name)!r} -> {last.get(name)!r}"
            for name in differing(held["metrics"], last)
        ]
        changed = changed_functions(held["functions"], functions_of(runs))
        nothing = "no function that ran has: look at settings, data and packages"
        lines.append(f"changed since: {some(changed, _SHOWN) or nothing}")
        return with_hints(headline, *lines, f"to accept them: {_ADVICE}")


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the names of metrics that differ by more than the tolerance."""
    return [
        name
        for name in {**before, **after}
        if name not in before or name not in after or not _close(before[name], after[name])
    ]


def _close(one: Any, two: Any) -> bool:
    numbers = isinstance(one, (int, float)) and isinstance(two, (int, float))
    if not numbers:
        return bool(one == two)
    return math.isclose(one, two, rel_tol=TOLERANCE) or (one != one and two != two)


def functions_of(runs: Sequence[Run]) -> dict[str, str]:
    """Return a digest of each function that ran, or that may have, by file and name."""
    found: dict[str, str] = {}
    for run in runs:
        found |= _functions_of_one(run)
    return found


def _functions_of_one(run: Run) -> dict[str, str]:
    code = code_of(run)
    found: dict[str, str] = {}
    for path in code.files:
        items = code.state.items(path)
        if items is None:
            continue
        ran = items.functions
        if code.ran is not None:
            calls = code.ran.get(path, ())
            ran = [one for name, line in calls for one in items.ran(name, line)]
        # Lambdas of one name, and comprehensions of one function, come several times.
        for function in {id(one): one for one in ran if not one.by_value}.values():
            key = f"{path} {function.name}"
            found[key] = found.get(key, "") + function.digest[:_DIGITS]
    return found


def changed_functions(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Return the functions that are not the same, as `Adam.step (project/optimizer.py)`."""
    return [
        f"{key.partition(' ')[2]} ({key.partition(' ')[0]})"
        for key in {**before, **after}
        if before.get(key) != after.get(key)
    ]


def _read(path: str) -> dict[str, Any] | None:
    """Return what a file holds; None where it is missing or damaged."""
    try:
        data = parse(read_regular(path), "golden")
    except (OSError, ValueError):
        return None
    return data if data.keys() >= {"metrics", "functions"} else None
