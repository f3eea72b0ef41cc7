"""`run @RUN` and `run FILE`: recorded runs that are resumed or rerun, and saved configs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from pconfigs.cli.experiments import experiment_at
from pconfigs.cli.output import print_error
from pconfigs.cli.recorded_targets import experiment_of, recorded_target
from pconfigs.cli.run_recorded import record_call
from pconfigs.cli.targets import SAVED, RecordedTarget
from pconfigs.errors.runs import RunUseError
from pconfigs.errors.targets import UsageError
from pconfigs.runs.location import project_folder
from pconfigs.runs.reading.configs import config_to_continue
from pconfigs.runs.reading.lookup import find_run
from pconfigs.runs.recorder import resume
from pconfigs.runs.status import DONE, RUNNING, is_alive
from pconfigs.runs.store import open_store
from pconfigs.trackers.progress import trackers_in
from pconfigs.trackers.services import trackers_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pconfigs.cli.experiments import Experiment
    from pconfigs.cli.run_arguments import RunArguments
    from pconfigs.runs.reading.runs import Run


def recorded_experiment(given: RunArguments) -> Experiment:
    """Return the experiment of a run or of a saved config, as it is to be run.

    The words that the run was started with are taken over where none are given.
    """
    text = given.target or ""
    if text.lower().endswith(SAVED) and not text.startswith("@"):
        if given.continues:
            raise UsageError("run", f"{text} is not a run", ["name one: --resume @RUN"])
        return experiment_at(recorded_target(text, "refuse"))
    run = find_run(text)
    config: Any = config_to_continue(run)
    if given.continues:
        _refuse_to_continue(run, given)
    given.behind = [*run.facts.get("options", ()), *given.behind]
    given.others = given.others or list(run.facts.get("arguments", ()))
    return experiment_at(RecordedTarget(text, config, run, experiment_of(run)))


def _refuse_to_continue(run: Run, given: RunArguments) -> None:
    """Refuse a run that is done or alive.

    Raises:
        RunUseError: It is one of these.
        UsageError: Words are given that would make it another run.
    """
    if run.state == DONE:
        raise RunUseError(run.id, "the run is done", [f"run it anew: run @{run.id}"])
    if run.state == RUNNING and (not given.is_job or is_alive(run.status.process)):
        host = run.status.process.get("host")
        process = f"process {run.status.process.get('pid')} on {host}"
        hints = [f"stop it: python -m pconfigs.runs stop @{run.id}"]
        raise RunUseError(run.id, f"the run is alive ({process})", hints)
    if given.behind or given.others:
        words = " ".join([*given.behind, *given.others])
        hint = f"start a run of its own: run @{run.id} {words}"
        raise UsageError("run", f"a run continues as it was planned, got {words}", [hint])


def continue_run(experiment: Experiment, call: Callable[[Any], int]) -> int:
    """Run the next attempt of a run in its own folder; return the exit code of `call`."""
    target = experiment.target
    assert isinstance(target, RecordedTarget)
    assert target.run is not None
    record = target.run.record
    open_store(record.store_folder).refuse_newer()
    try:
        recording = resume(record, experiment.config)
    except FileExistsError:
        problem = "another process has just started the next attempt"
        raise RunUseError(target.run.id, problem, ["see python -m pconfigs.runs"]) from None
    if recording.rank == 0 and not recording.is_own_log:
        attempt = f" (attempt {recording.attempt})" if recording.attempt > 1 else ""
        print_error(f"{record.shown}{attempt}")
    trackers = trackers_of(project_folder(os.path.dirname(record.store_folder)))
    trackers = list(dict.fromkeys([*trackers, *trackers_in(record)]))
    return record_call(recording, experiment.config, call, trackers=trackers)
