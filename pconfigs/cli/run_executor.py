"""The executor that the words of `run` name, and a launch by it, followed to its end."""

from __future__ import annotations

from typing import Any

from pconfigs.cli.commands import FAILED, INTERRUPTED
from pconfigs.cli.run_options import RunArguments
from pconfigs.errors.targets import UsageError
from pconfigs.launchers.engines.local import LocalExecutor
from pconfigs.launchers.engines.parts import ExecutorConfig
from pconfigs.launchers.launch import Launch
from pconfigs.launchers.processes import raising_on_signals
from pconfigs.launchers.profiles import find_executor
from pconfigs.runs.capture.followers import GIVEN


def executor_of(given: RunArguments) -> ExecutorConfig:
    """Return the executor that the words name; this machine with some slots by default."""
    slots = given.slots
    if slots is not None and (not slots.isdecimal() or int(slots) < 1):
        raise UsageError("run", f"--slots must be a number from 1, got {slots}", [])
    if given.on is None:
        executor: ExecutorConfig = LocalExecutor(slots=int(slots or 1))
        return executor
    found = find_executor(given.on)
    if slots is None:
        return found
    if not isinstance(found, LocalExecutor):
        hint = f"set it in the profile: parallel = {slots}"
        problem = "--slots is for this machine, but --on names another executor"
        raise UsageError("run", problem, [hint])
    base: Any = found
    return LocalExecutor(base, slots=int(slots))


def follow(launch: Launch) -> int | None:
    """Run a launch to its end; return the exit code where it was stopped by a signal."""
    try:
        with raising_on_signals():
            launch.run()
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else FAILED
    return None


def facts_of(given: RunArguments) -> dict[str, Any]:
    """Return what a launched run notes of the call: the trackers that were asked for."""
    return {GIVEN: given.trackers} if given.trackers else {}
