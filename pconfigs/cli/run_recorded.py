"""Recorded runs: what `run` does where the project has a store."""

from __future__ import annotations

import os

from pconfigs.build.methods.values import refuse_open
from pconfigs.cli.output import print_error
from pconfigs.cli.overrides import shown_words_of
from pconfigs.cli.recorded_target import RecordedTarget
from pconfigs.errors.formatting import listed
from pconfigs.runs import capture, lineage
from pconfigs.runs.lineage.detection import PLANNED, has_artifacts
from pconfigs.runs.location import FOLDER, STORE_FILE, project_folder, settings_of
from pconfigs.runs.planning import Plan, run_name
from pconfigs.runs.ranks import rank_and_size
from pconfigs.runs.recorder import Recording, begin, start
from pconfigs.runs.store import Store, make_store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from pconfigs.cli.experiments import Experiment
    from pconfigs.cli.run_options import RunArguments
    from pconfigs.runs.lineage.consumption import Resolved
    from pconfigs.runs.reading.runs import Run


def store_for(folder: str | None) -> Store:
    """Return the store in a folder; without one, make that of the project and print where."""
    if folder is not None:
        return make_store(folder)
    folder = os.path.join(project_folder(), FOLDER)
    is_new = not os.path.exists(os.path.join(folder, STORE_FILE))
    store = make_store(folder)
    if is_new:
        print_error(
            f"created {store.shown}/ (ignored by git);"
            " runs of this project are recorded from now on"
        )
    return store


def run_recorded(
    store: Store, experiment: Experiment, given: RunArguments, call: Callable[[Any], int]
) -> int:
    """Run an experiment as the first attempt of a new run; return the exit code of `call`.

    Artifacts are resolved before a folder is claimed, unless several ranks must agree on them.
    """
    config = experiment.config
    resolved = _resolved(config, store, given.smoke)
    if not has_artifacts(config):
        refuse_open(config, "be constructed")
    elif resolved is not None:
        refuse_open(resolved.config, "be constructed")
    trackers = _trackers(store, given, experiment)
    plan = plan_of(experiment, given)
    recording = start(store, plan)
    if recording.rank == 0:
        print_error(recording.folder.shown)
    code = record_call(recording, call, plan.facts, resolved, trackers)
    run = getattr(experiment.target, "run", None)
    if run is None or given.overrides or recording.rank:
        return code
    # Here, so that other runs do not wait for it.
    from pconfigs.cli.run_comparison import compare_with

    return compare_with(run, recording.folder, code)


def _resolved(config: Any, store: Store, smoke: bool) -> Resolved | None:
    """Return a config with its artifacts resolved; None without them, or with several ranks."""
    if not has_artifacts(config):
        return None
    return lineage.consumption.resolve_alone(config, store, smoke)


def _trackers(store: Store, given: RunArguments, experiment: Experiment) -> list[str]:
    """Return the names of the trackers of a run."""
    project = project_folder(os.path.dirname(store.folder))
    named = hasattr(experiment.runnable, "tracker_names")
    if not given.trackers and "trackers" not in settings_of(project) and not named:
        return []
    config = experiment.config
    trackers = capture.followers.trackers_of(project, given.trackers, given.smoke, config)
    capture.followers.refuse_missing(given.trackers)
    return trackers


def report_unsent(config: Any) -> None:
    """Report the trackers that a config names, where its run is not recorded."""
    names = capture.followers.named_trackers(config)
    if names and rank_and_size()[0] == 0:
        verb = "are" if len(names) > 1 else "is"
        print_error(f"{listed(names)} {verb} sent recorded runs, and this one is not: add --record")


def plan_of(
    experiment: Experiment, given: RunArguments, added: Sequence[str] | None = None
) -> Plan:
    """Return the plan of a new run of an experiment; `added` overrides, else those of the call."""
    target = experiment.target
    run = getattr(target, "run", None)
    if isinstance(target, RecordedTarget) and run is None:
        name, dotted = os.path.splitext(os.path.basename(target.text))[0], None
    else:
        dotted = target.dotted if run is None else run.target
        name = run_name(dotted or "") if run is None else run.name
    if added is None:
        added = shown_words_of(experiment.config, given.overrides)
    return Plan(
        experiment.config,
        name,
        dotted,
        added if run is None else [*run.overrides, *added],
        given.others,
        given.options,
        given.smoke,
        {**experiment.facts, **_facts_of(run)},
    )


def _facts_of(run: Run | None) -> dict[str, Any]:
    """Return what a rerun takes over of the facts of a run."""
    if run is None:
        return {}
    kept = {PLANNED: run.facts[PLANNED]} if run.facts.get(PLANNED) else {}
    return {"rerun_of": run.id, **kept}


def record_call(
    recording: Recording,
    call: Callable[[Any], int],
    facts: Mapping[str, Any],
    resolved: Resolved | None = None,
    trackers: Sequence[str] = (),
) -> int:
    """Return the exit code of `call`, which is recorded and given the resolved config.

    The other arguments are those of `begin`.
    """
    with recording:
        code = call(begin(recording, facts, resolved, trackers))
        recording.returned(code)
    return code
