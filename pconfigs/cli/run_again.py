"""`run @RUN` and `run FILE`: recorded runs that are resumed or rerun, and saved configs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pconfigs.cli.experiments import experiment_at
from pconfigs.cli.recorded_targets import experiment_of, recorded_target
from pconfigs.cli.targets import SAVED, RecordedTarget
from pconfigs.errors.runs import RunUseError
from pconfigs.errors.targets import UsageError
from pconfigs.runs.reading.configs import config_to_continue
from pconfigs.runs.reading.lookup import find_run
from pconfigs.runs.status import DONE, RUNNING

if TYPE_CHECKING:
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
    if run.state == RUNNING:
        host = run.status.process.get("host")
        process = f"process {run.status.process.get('pid')} on {host}"
        hints = [f"stop it: python -m pconfigs.runs stop @{run.id}"]
        raise RunUseError(run.id, f"the run is alive ({process})", hints)
    if given.behind or given.others:
        words = " ".join([*given.behind, *given.others])
        hint = f"start a run of its own: run @{run.id} {words}"
        raise UsageError("run", f"a run continues as it was planned, got {words}", [hint])
