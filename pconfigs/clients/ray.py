"""Ray: jobs of a cluster, by its job server."""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pconfigs.atomic_files import read_regular
from pconfigs.errors.base import MissingExtraError
from pconfigs.errors.runs import EngineError

MODE, TOKEN, TOKEN_FILE = "RAY_AUTH_MODE", "RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"
STARTING = 60.0
"""Seconds that a node may take to accept jobs after its job server answers."""
_NOT_YET = "No available agent"
_INSTEAD = ("RAY_API_SERVER_ADDRESS", "RAY_ADDRESS")
"""Variables that Ray takes for the address, whatever address it is given."""


@dataclass(frozen=True, slots=True)
class JobState:
    """The state of a job: its status, its message, and the exit code if it has one."""

    status: str
    message: str
    code: int | None


class RayJobs:
    """The jobs of a cluster.

    Args:
        address: URL of the dashboard: `http://127.0.0.1:8265`.
        token: What the cluster asks for; None for that of the environment.

    Raises:
        MissingExtraError: Ray is not installed.
        EngineError: The cluster does not answer, or refuses.
    """

    def __init__(self, address: str, token: str | None = None) -> None:
        self.address = address
        token = token or _known_token()
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        try:
            from ray.job_submission import JobSubmissionClient
        except ImportError as error:
            raise MissingExtraError("ray[default]", "ray", "starting runs on Ray") from error
        try:
            with _without(*_INSTEAD):
                self._client: Any = JobSubmissionClient(address, headers=headers)
        except Exception as error:
            hint = "name the dashboard's URL: RayExecutor(address=...), or RAY_ADDRESS"
            raise EngineError("ray", _words(error), hint) from error

    def submit(
        self, name: str, command: str, env: Mapping[str, str], resources: Mapping[str, Any]
    ) -> None:
        """Submit a line for the shell of the cluster, under a name that no other job has.

        Resources are `entrypoint_num_cpus` and kin.
        """
        environment = {"env_vars": dict(env)}
        deadline = time.monotonic() + STARTING
        while True:
            try:
                self._client.submit_job(
                    entrypoint=command, submission_id=name, runtime_env=environment, **resources
                )
                return
            except Exception as error:
                # Ray has waited for ten seconds: its node is still starting.
                if _NOT_YET not in str(error) or time.monotonic() > deadline:
                    raise EngineError("ray", _words(error)) from error

    def states(self) -> dict[str, JobState]:
        """Return the states of all jobs, by name."""
        try:
            jobs = self._client.list_jobs()
        except Exception as error:
            raise EngineError("ray", _words(error)) from error
        return {
            job.submission_id: JobState(job.status.value, job.message or "", job.driver_exit_code)
            for job in jobs
            if job.submission_id is not None
        }

    def stop(self, name: str) -> None:
        """Ask Ray to end a job; one that has ended is left alone."""
        try:
            self._client.stop_job(name)
        except Exception as error:
            raise EngineError("ray", _words(error)) from error


@contextmanager
def _without(*names: str) -> Generator[None]:
    """Hide variables of the environment."""
    hidden = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)


def _words(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if any(map(str.isalnum, line))]
    return lines[-1] if lines else type(error).__name__


def _known_token() -> str | None:
    """Return the token that this environment has for clusters; None where it has none.

    Ray itself reads it once in a process, and by default does not use it.
    """
    if os.environ.get(MODE, "token") != "token":
        return None
    file = Path(os.environ.get(TOKEN_FILE) or "~/.ray/auth_token").expanduser()
    try:
        return os.environ.get(TOKEN) or read_regular(str(file)).decode().strip() or None
    except (OSError, UnicodeDecodeError):
        return None
