"""`run @RUN` and `run FILE`: recorded runs that are resumed or rerun, and saved configs."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from typing import Any

from pconfigs.cli.experiments import Experiment, experiment_at
from pconfigs.cli.overrides import shown_words_of
from pconfigs.cli.recorded_lookup import recorded_target
from pconfigs.cli.recorded_target import RecordedTarget
from pconfigs.cli.run import run_experiment, run_new
from pconfigs.cli.run_comparison import compare_with
from pconfigs.cli.run_job import continue_run
from pconfigs.cli.run_options import RunArguments
from pconfigs.cli.run_section import experiment_in_file
from pconfigs.errors.base import PConfigError
from pconfigs.errors.formatting import at_most, counted, listed, without_value
from pconfigs.errors.runs import RunUseError
from pconfigs.errors.targets import SAVED_CONFIGS, UsageError
from pconfigs.launchers.processes import run_group
from pconfigs.launchers.recorded_code import recorded_code_folder
from pconfigs.launchers.snapshots import import_path
from pconfigs.overrides.shown import secrets_left_out
from pconfigs.runs.changes.reasons import Today
from pconfigs.runs.folder import CONFIG, RUN, STATUS, RunFolder, encoded
from pconfigs.runs.lineage.files import CONSUMED
from pconfigs.runs.location import project_folder
from pconfigs.runs.reading.lookup import find_run
from pconfigs.runs.reading.repeating import (
    config_of,
    config_to_continue,
    config_to_repeat,
    experiment_of,
)
from pconfigs.runs.reading.runs import Run
from pconfigs.runs.status import DONE, QUEUED, RUNNING, is_alive
from pconfigs.runs.store import open_store

SHOWN = 10


def command(given: RunArguments) -> int:
    """Run what a recorded run or a saved config means; return the exit code."""
    if given.as_recorded or "--as-recorded" in given.following:
        return run_as_recorded(given)
    experiment = recorded_experiment(given)
    return run_experiment(given, experiment, continue_run if given.continues else run_new)


def recorded_experiment(given: RunArguments) -> Experiment:
    """Return the experiment of a run or of a saved config, as it is to be run.

    The words that the run was started with are taken over where none are given.
    """
    text = given.target or ""
    if text.lower().endswith(SAVED_CONFIGS) and not text.startswith("@"):
        if given.continues:
            raise UsageError("run", f"{text} is not a run", ["name one: --resume @RUN"])
        found = experiment_in_file(text)
        return found or experiment_at(recorded_target(text, "refuse"))
    run = find_run(text)
    if given.continues:
        _refuse_to_continue(run, given)
        config: Any = config_to_continue(run)
    else:
        config = config_to_repeat(run, _accepts_changes(run, given))
        _refuse_without_secrets(run, config, given.following)
    given.following = [*run.facts.get("options", ()), *given.following]
    given.others = given.others or list(run.facts.get("arguments", ()))
    return experiment_at(RecordedTarget(text, config, run, experiment_of(run)))


def _accepts_changes(run: Run, given: RunArguments) -> bool:
    """Return whether changes are accepted, having refused a run that differs from today.

    Options before the target are known here; those after it are looked for.
    """
    if given.accept_changes or "--accept-changes" in given.following:
        return True
    reasons = Today(run.record.store_folder).reasons(run)
    if reasons:
        lines = at_most([reason.text.replace("\n", "\n    ") for reason in reasons], SHOWN)
        hints = [
            f"with the code of then: python -m pconfigs.run @{run.id} --as-recorded",
            f"with the code of today: python -m pconfigs.run @{run.id} --accept-changes",
        ]
        problem = f"{counted(len(reasons), 'thing')} that it ran with changed since"
        raise RunUseError(run.id, problem, [*lines, *hints])
    return False


def _refuse_without_secrets(run: Run, config: Any, words: Sequence[str]) -> None:
    """Refuse a run whose overrides gave secrets, which are not recorded, unless words give them."""
    if any(word[:1] == "@" or "*" in word for word in words):
        return  # which may give them
    given = [word.partition("=")[0] for word in words]
    missing = [
        path
        for path in ([] if config is None else secrets_left_out(config, run.overrides))
        if not any(path == one or path.startswith(f"{one}.") for one in given)
    ]
    if missing:
        again = " ".join(f"{path}=..." for path in missing)
        problem = f"its overrides gave {listed(missing)}, which is secret and not recorded"
        hint = f"give it again: python -m pconfigs.run @{run.id} {again}"
        raise RunUseError(run.id, problem, [hint])


def _refuse_to_continue(run: Run, given: RunArguments) -> None:
    """Refuse a run that is done or alive."""
    if run.state == DONE:
        raise RunUseError(
            run.id, "the run is done", [f"run it anew: python -m pconfigs.run @{run.id}"]
        )
    if run.state == RUNNING:
        host = run.status.process.get("host")
        process = f"process {run.status.process.get('pid')} on {host}"
        stop = f"python -m pconfigs.runs stop @{run.id}"
        hints = [f"stop it: {stop}"]
        if is_alive(run.status.process) is None:
            hints = [f"stop it there; where it has ended without a word: {stop} --lost"]
        raise RunUseError(run.id, f"the run is alive ({process})", hints)
    if given.following or given.others:
        words = " ".join(_shown(run, [*given.following, *given.others]))
        hint = f"start a run of its own: python -m pconfigs.run @{run.id} {words}"
        raise UsageError("run", f"a run continues as it was planned, got {words}", [hint])


def _shown(run: Run, words: Sequence[str]) -> list[str]:
    """Return words for a run as they may be shown."""
    config = _config_of(run)
    return [*map(without_value, words)] if config is None else shown_words_of(config, words)


def _config_of(run: Run) -> Any:
    """Return the config of a run; None where only the code of then may load it."""
    try:
        return config_of(run)
    except PConfigError:
        return None


def run_as_recorded(given: RunArguments) -> int:
    """Repeat a run with the code and the values of then, in a process of its own."""
    run = find_run(given.target or "")
    own = {given.target, "--as-recorded", "--traceback", "--record"}
    words = [word for word in given.words if word not in own]
    if words:
        shown = " ".join(_shown(run, words))
        hint = f"start a run of its own: python -m pconfigs.run @{run.id} {shown}".rstrip()
        raise UsageError("run", "--as-recorded repeats a run as it was", [hint])
    _refuse_without_secrets(run, _config_of(run), ())
    store = open_store(run.record.store_folder)
    store.refuse_newer()
    code = recorded_code_folder(run, project_folder())
    facts = {**run.facts, "rerun_of": run.id, "planned": round(time.time(), 3)}
    files = {
        RUN: encoded(facts),
        CONFIG: encoded(run.record.read(CONFIG)),
        STATUS: encoded({"state": QUEUED, "attempt": 0}),
        "attempts/": b"",
        "files/": b"",
    }
    consumed = run.record.read(CONSUMED)
    if consumed is not None:
        files[CONSUMED] = encoded(consumed)  # the next attempt uses the versions that it finds
    folder = store.claim(run.id.rpartition(".")[0], files, smoke=run.record.is_smoke)
    assert folder is not None
    path = os.pathsep.join(import_path(project_folder(), code))
    command = [sys.executable, "-P", "-m", "pconfigs.run", "--into", folder]
    status = run_group(command, env={"PYTHONPATH": path})
    return compare_with(run, RunFolder(folder), status)
