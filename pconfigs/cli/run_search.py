"""`run` of a search: trials as runs, followed until enough of them are done."""

from __future__ import annotations

from typing import Any

from pconfigs.cli.commands import DONE, FAILED
from pconfigs.cli.experiments import experiment_at
from pconfigs.cli.output import print_error, write
from pconfigs.cli.run_executor import executor_of, facts_of, follow
from pconfigs.cli.run_options import RunArguments
from pconfigs.cli.run_pipeline import run_what_is_needed
from pconfigs.cli.run_recorded import store_for
from pconfigs.clients import optuna
from pconfigs.errors.targets import UsageError
from pconfigs.imports import Target
from pconfigs.launchers.engines.local import LocalExecutor
from pconfigs.launchers.launch import Options
from pconfigs.launchers.pipeline import small_with_producers
from pconfigs.launchers.points import refuse_unsent_secrets
from pconfigs.launchers.progress import counts_text
from pconfigs.launchers.search import SearchLaunch
from pconfigs.overrides.override import poverride
from pconfigs.runs.capture.followers import refuse_unusable
from pconfigs.runs.location import store_folder
from pconfigs.runs.planning import Plan, run_name
from pconfigs.sweeps.search import Search


def run_search(given: RunArguments, target: Target) -> int:
    """Run a search; 0 where as many runs are done as are wanted, else 1."""
    found: Any = target.object
    _refuse_options(given)
    executor = executor_of(given)
    search = _varied(given, found)
    experiment_at(Target(target.text, search.base, target.module, target.attribute))
    if given.slots is None and isinstance(executor, LocalExecutor) and given.on is None:
        executor = LocalExecutor(slots=search.parallel)
    if given.dry_run:
        write(f"{search!r}\nbase: {str(search.base).rstrip()}")
        return DONE
    refuse_unusable(given.trackers)
    code = run_what_is_needed(given, [search.base], target)
    if code is not None:
        return code
    # Trials have no names: what they run is made of the record.
    refuse_unsent_secrets(Plan(search.base, run_name(target.dotted), smoke=given.smoke))
    optuna.module()  # before a store is made for runs that cannot be
    store = store_for(store_folder())
    store.refuse_newer()
    options = Options(fail_fast=given.fail_fast, accept_changes=given.accept_changes)
    name = run_name(target.dotted)
    facts = {"sweep": target.dotted, **facts_of(given)}
    launch = SearchLaunch(store, search, executor, name, options, given.smoke, given.others, facts)
    code = follow(launch)
    counts = counts_text(launch.counts())
    if code is not None:
        print_error(f"stopped: {counts}; the same command continues")
        return code
    print_error(f"{launch.search.runs} runs: {counts}")
    best = launch.best()
    if best is not None:
        write(f"best {launch.search.metric}: {best.value:g}  {launch.run_of(best)}".rstrip())
    return DONE if launch.is_complete else FAILED


def _refuse_options(given: RunArguments) -> None:
    """Refuse options that have no meaning for a search."""
    hints = {
        "--detach": "start it in the background: nohup, tmux or a job of its own",
        "--no-record": "drop --no-record: what its runs have logged is found by their records",
        "--retry-failed": "a search tries other points in place of what has failed",
        "--again": "another seed makes another search",
        "--sweep": "give the values in its space",
    }
    for option, hint in hints.items():
        if given.has(option):
            raise UsageError("run", f"{option} is not possible for a search", [hint])


def _varied(given: RunArguments, search: Search[Any]) -> Search[Any]:
    """Return a search with overrides and small values applied to its base."""
    base = poverride(search.base, given.overrides) if given.overrides else search.base
    base = small_with_producers(base) if given.smoke else base
    facts = {name: getattr(search, name) for name in Search.__slots__}
    parallel = search.parallel if given.slots is None else int(given.slots)
    return Search(**{**facts, "base": base, "parallel": parallel})
