"""`python -m pconfigs.runs bisect GOOD BAD --metric NAME`: which settings move a metric."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from pconfigs.annotations.kinds import JSON_SCALARS
from pconfigs.cli.output import print_error, write, write_json
from pconfigs.errors.formatting import counted, did_you_mean
from pconfigs.errors.runs import RunUseError
from pconfigs.errors.targets import UsageError
from pconfigs.launchers.processes import run_silently
from pconfigs.runs.changes.bisection import between, culprits, differing_settings
from pconfigs.runs.planning import Plan, plan_run
from pconfigs.runs.reading.columns import setting_cell
from pconfigs.runs.reading.lookup import find_run
from pconfigs.runs.reading.repeating import config_to_continue
from pconfigs.runs.reading.runs import Run, run_in
from pconfigs.runs.results.sequence import pruns
from pconfigs.runs.status import DONE
from pconfigs.runs.store import open_store
from pconfigs.sweeps.settings import holds_secret, value_word
from pconfigs.tree.walk import pget

_LONGEST = 30 * 86400.0


def command(asked: Namespace) -> int:
    """Find the smallest set of settings that moves a metric."""
    search = _Search(find_run(asked.good), find_run(asked.bad), asked.metric)
    names = culprits(list(search.settings), search.moves)
    values = [(name, *search.shown(name)) for name in names]
    if asked.json:
        write_json(
            {
                "metric": asked.metric,
                "set": [
                    {"path": name, "before": before, "after": after}
                    for name, before, after in values
                ],
                "runs": search.made,
            }
        )
        return 0
    good, bad = map(setting_cell, search.ends)
    write(f"{asked.metric} {good} -> {bad} by")
    for name, before, after in values:
        write(f"  {name}  {before} -> {after}")
    print_error(f"{counted(len(search.made), 'run')} made; {search.impossible} impossible")
    return 0


class _Search:
    """Runs configs between two runs.

    Attributes:
        settings: What the second one sets differently, by path.
        made: Names of the runs that were made.
        impossible: How many configs could not be built.
        ends: The metric of both runs.
    """

    def __init__(self, good: Run, bad: Run, metric: str) -> None:
        self.good, self.metric = good, metric
        self.ends = _value(good, metric), _value(bad, metric)
        if self.ends[0] == self.ends[1]:
            problem = f"{metric} is {self.ends[0]} in both runs"
            raise UsageError("runs bisect", problem, ["name runs whose metric differs"])
        self.config = config_to_continue(good)
        self.settings = differing_settings(self.config, config_to_continue(bad))
        if not self.settings:
            hint = f"compare their code: runs compare @{good.id} @{bad.id}"
            raise UsageError("runs bisect", "the runs have the same settings", [hint])
        self.store = open_store(good.record.store_folder)
        self.store.refuse_newer()
        self.made: list[str] = []
        self.impossible = 0

    def shown(self, path: str) -> tuple[str, str]:
        """Return the values of a setting in both runs, as text; that of a secret is left out."""
        if holds_secret(self.config, path):
            return "...", "..."
        return _text(pget(self.config, path)), _text(self.settings[path])

    def moves(self, chosen: Sequence[str]) -> bool:
        """Return whether the metric is nearer to that of the second run with these settings."""
        config = between(self.config, self.settings, chosen)
        # A run in between has what is recorded of its settings, and secrets are not.
        if config is None or any(holds_secret(self.config, path) for path in chosen):
            self.impossible += 1
            return False
        words = [f"{path}={self.shown(path)[1]}" for path in chosen]
        run = self._done(config) or self._made(config, words)
        value = run.last.get(self.metric)
        if not isinstance(value, (int, float)):
            return False
        before, after = self.ends
        is_near = abs(value - after) < abs(value - before)
        print_error(f"{run.id}: {self.metric} {value:.6g}{' (moved)' if is_near else ''}")
        return is_near

    def _done(self, config: Any) -> Run | None:
        """Return a run of a config that is done and up to date."""
        return next((run for run in pruns(config) if run.state == DONE and not run.stale()), None)

    def _made(self, config: Any, words: Sequence[str]) -> Run:
        """Run a config in a process of its own."""
        good = self.good
        plan = Plan(
            config, good.name, good.target, [*good.overrides, *words],
            good.facts.get("arguments", ()), good.facts.get("options", ()),
            facts={"bisects": good.id},
        )  # fmt: skip
        folder = plan_run(self.store, plan)
        assert folder is not None
        command = [sys.executable, "-m", "pconfigs.run", "--into", os.path.abspath(folder.path)]
        done = run_silently(command, _LONGEST)
        self.made.append(folder.name)
        run = run_in(folder.path)
        if done.code or run is None:
            lines = done.output.strip().splitlines()[-3:]
            raise RunUseError(folder.name, f"the run ended with exit code {done.code}", lines)
        return run


def _text(value: Any) -> str:
    # The values of a config, other than those of its file, may have no JSON: parts, paths, sets.
    return setting_cell(value) if type(value) in JSON_SCALARS else value_word(value)


def _value(run: Run, metric: str) -> float:
    value = run.last.get(metric)
    if isinstance(value, (int, float)):
        return value
    hint = did_you_mean(metric, run.last, "{}", f"it logged {', '.join(sorted(run.last))}")
    raise UsageError("runs bisect", f"{run.id} has no number {metric!r}", [hint])
