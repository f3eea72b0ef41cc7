"""`run --into FOLDER`: what an executor starts for a planned run; and next attempts of any run."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

from pconfigs.cli.experiments import Experiment, experiment_at
from pconfigs.cli.output import print_error
from pconfigs.cli.recorded_target import RecordedTarget
from pconfigs.cli.run import run_experiment
from pconfigs.cli.run_options import RunArguments
from pconfigs.cli.run_recorded import record_call
from pconfigs.errors.runs import RunUseError
from pconfigs.runs.capture.followers import refuse_missing, trackers_to_continue
from pconfigs.runs.masking import has_secrets
from pconfigs.runs.ranks import rank_and_size
from pconfigs.runs.reading.configs import recorded_config
from pconfigs.runs.reading.lookup import find_run
from pconfigs.runs.recorder import resume
from pconfigs.runs.status import DONE, RUNNING, is_alive
from pconfigs.runs.store import open_store


def command(given: RunArguments) -> int:
    """Run what was planned in a folder of a store; return the exit code."""
    return run_experiment(given, planned_experiment(given), continue_run)


def planned_experiment(given: RunArguments) -> Experiment:
    """Return the experiment of a planned run, from its record alone where it has no secrets.

    The module that the run was planned from may build a thousand others, and is not imported.

    Raises:
        RunUseError: The run is done, or its process is known to be alive.
    """
    _ignore_warnings()
    text = given.target or ""
    run = find_run(text)
    if run.state == DONE:
        raise RunUseError(run.id, "the run is done", [])
    process = run.status.process
    # Rank 0 may have started the attempt that this rank belongs to.
    if run.state == RUNNING and is_alive(process) and rank_and_size()[0] == 0:
        where = f"process {process.get('pid')} on {process.get('host')}"
        raise RunUseError(run.id, f"the run is alive ({where})", [])
    config = recorded_config(run, "refuse")
    if has_secrets(config):
        # Here, so that jobs without secrets do not wait for it.
        from pconfigs.runs.reading.repeating import config_to_continue

        config = config_to_continue(run)
    given.following = [*run.facts.get("options", ()), *given.following]
    given.others = given.others or list(run.facts.get("arguments", ()))
    return experiment_at(RecordedTarget(text, config, run, None))


def _ignore_warnings() -> None:
    """Let the warning before a time limit pass, until the program reads `prun.stop_requested`.

    By default SIGUSR1 would end a program that does not heed it, minutes before its time is up.
    """
    number = getattr(signal, "SIGUSR1", None)
    if number is not None and signal.getsignal(number) is signal.SIG_DFL:
        signal.signal(number, signal.SIG_IGN)


def continue_run(given: RunArguments, experiment: Experiment, call: Callable[[Any], int]) -> int:
    """Run the next attempt of a run in its own folder; return the exit code of `call`.

    Args:
        given: The words of the call; trackers are those of the project, of the run, of its
            config, and these.
        experiment: The run, as a target.
        call: What runs it.
    """
    target = experiment.target
    assert isinstance(target, RecordedTarget)
    assert target.run is not None
    record = target.run.record
    open_store(record.store_folder).refuse_newer()
    trackers = trackers_to_continue(record, given.trackers, experiment.config)
    refuse_missing(given.trackers)
    try:
        recording = resume(record, experiment.config)
    except FileExistsError:
        problem = "another process has just started the next attempt"
        raise RunUseError(target.run.id, problem, ["see python -m pconfigs.runs"]) from None
    if recording.rank == 0 and not recording.is_own_log:
        attempt = f" (attempt {recording.number})" if recording.number > 1 else ""
        print_error(f"{record.shown}{attempt}")
    return record_call(recording, call, target.run.facts, trackers=trackers)
