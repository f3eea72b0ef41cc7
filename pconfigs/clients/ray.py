"""Ray: jobs of a cluster, by its job server."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pconfigs.errors.base import MissingExtraError
from pconfigs.errors.launchers import EngineError

MODE, TOKEN, TOKEN_FILE = "RAY_AUTH_MODE", "RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"


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

    Raises:
        MissingExtraError: Ray is not installed.
        EngineError: The cluster does not answer, or refuses.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        _use_token()
        try:
            from ray.job_submission import JobSubmissionClient
        except ImportError as error:
            raise MissingExtraError("ray[default]", "ray", "starting runs on Ray") from error
        try:
            self._client: Any = JobSubmissionClient(address)
        except Exception as error:
            hint = "name the dashboard's URL: RayExecutor(address=...), or RAY_ADDRESS"
            raise EngineError("ray", _words(error), hint) from error

    def submit(
        self, name: str, command: str, env: Mapping[str, str], resources: Mapping[str, Any]
    ) -> None:
        """Submit a job under a name that no other job has.

        Args:
            name: Its submission id.
            command: A line for the shell of the cluster.
            env: Environment variables.
            resources: `entrypoint_num_cpus` and kin.
        """
        try:
            self._client.submit_job(
                entrypoint=command,
                submission_id=name,
                runtime_env={"env_vars": dict(env)},
                **resources,
            )
        except Exception as error:
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

    def log(self, name: str) -> str:
        """Return what Ray has kept of the output of a job."""
        try:
            return str(self._client.get_job_logs(name))
        except Exception as error:
            raise EngineError("ray", _words(error)) from error

    def stop(self, name: str) -> None:
        """Ask Ray to end a job; one that has ended is left alone."""
        try:
            self._client.stop_job(name)
        except Exception as error:
            raise EngineError("ray", _words(error)) from error


def _words(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if any(map(str.isalnum, line))]
    return lines[-1] if lines else type(error).__name__


def _use_token() -> None:
    """Let the client authenticate where a token is at hand: by default it would not."""
    known = TOKEN in os.environ or TOKEN_FILE in os.environ
    if MODE not in os.environ and (known or Path("~/.ray/auth_token").expanduser().exists()):
        os.environ[MODE] = "token"
