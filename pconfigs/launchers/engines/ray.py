"""The Ray executor: runs as jobs of a cluster, by its job server; nothing is run twice by Ray."""

from __future__ import annotations

import os
import shlex
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pconfigs.clients.ray import RayJobs
from pconfigs.declare.pconfig import pconfig
from pconfigs.declare.pconfiged import pconfiged
from pconfigs.errors.runs import EngineError
from pconfigs.launchers.engines import standalone
from pconfigs.launchers.engines.job import JOBS, LOG, Executor, Job, Seen
from pconfigs.launchers.engines.parts import ExecutorConfig, job_command, refuse_below
from pconfigs.launchers.engines.ray_cluster import LocalCluster
from pconfigs.schema.properties import pcheck
from pconfigs.wrapping.adopted_fields import give_default

LOCAL = "local"
VARIABLE = "RAY_ADDRESS"
PROBING = 60.0
"""Seconds that the cluster may take to answer whether it sees the store."""
_STATES = {"PENDING": "queued", "RUNNING": "running"}


@pconfiged
class RayEngine(Executor):
    """Submits jobs to Ray and asks it what has become of them."""

    config: RayExecutor

    def __init__(self) -> None:
        self.capacity: int | None = None
        self.requeues = False
        self._cluster: LocalCluster | None = None
        self._known: RayJobs | None = None
        self._folders: dict[str, str] = {}
        self._cancelled: set[str] = set()

    def command(
        self, words: Sequence[str], env: Mapping[str, str], folders: Sequence[str]
    ) -> tuple[str, ...]:
        return job_command(self.config, words, env, folders)

    def submit(self, jobs: Sequence[Job], folder: Path) -> list[str]:
        ray = self._jobs(folder)
        self._refuse_unseen(ray, folder)
        handles: list[str] = []
        if any(job.needs for job in jobs):
            raise EngineError("ray", "Ray has no dependencies between jobs")
        try:
            for job in jobs:
                name = f"{folder.name}-{job.index}"
                ray.submit(name, _entrypoint(job, folder), self.config.env_vars, self._resources())
                self._folders[name] = job.folder
                handles.append(name)
        except BaseException:
            self.cancel(handles)  # their handles are known here only
            raise
        return handles

    def poll(self, handles: Sequence[str]) -> dict[str, Seen]:
        if not handles:
            return {}
        try:
            states = self._jobs(None).states()
        except EngineError as error:
            return {handle: Seen("unknown", error.problem) for handle in handles}
        found: dict[str, Seen] = {}
        for handle in handles:
            job = states.get(handle)
            if job is None:
                found[handle] = Seen("gone", "Ray does not know it any more")
            elif job.status == "PENDING" and handle in self._cancelled:
                # Ray ends it when it could start, which may be never.
                found[handle] = Seen("gone", "cancelled before it started")
            elif job.status == "PENDING":
                found[handle] = Seen("queued", job.message)
            elif job.status == "RUNNING":
                found[handle] = Seen("running")
            else:
                code = "" if job.code is None else f", exit code {job.code}"
                found[handle] = Seen("gone", f"{job.status}{code}", job.code)
        return found

    def cancel(self, handles: Sequence[str]) -> None:
        ray = self._jobs(None)
        for handle in handles:
            ray.stop(handle)
            self._cancelled.add(handle)

    def log(self, handle: str) -> Path | None:
        folder = self._folders.get(handle)
        return None if folder is None else Path(folder, LOG)

    def script(self, jobs: Sequence[Job], folder: Path) -> str:
        resources = " ".join(
            f"--{name.replace('_', '-')} {shlex.quote(str(value))}"
            for name, value in self._resources().items()
        )
        address = address_of(self.config)
        return "\n".join(
            f"ray job submit --address {address} {resources} -- {_entrypoint(job, folder)}"
            for job in jobs
        )

    def close(self) -> None:
        if self._cluster is not None:
            self._cluster.stop()
            self._cluster = None

    def _jobs(self, folder: Path | None) -> RayJobs:
        """Return the job server, connected to at the first call."""
        if self._known is None:
            address = address_of(self.config)
            if address == LOCAL:
                if folder is None:
                    raise EngineError("ray", "the local cluster ended with its launch")
                self._cluster = LocalCluster(folder, self.config.cluster_cpus)
                self._known = self._cluster.jobs
            else:
                self._known = RayJobs(address)
        return self._known

    def _resources(self) -> dict[str, Any]:
        config = self.config
        given = {
            "entrypoint_num_cpus": config.num_cpus,
            "entrypoint_num_gpus": config.num_gpus,
            "entrypoint_memory": config.memory,
            "entrypoint_resources": dict(config.resources) or None,
        }
        return {name: value for name, value in given.items() if value is not None}

    def _refuse_unseen(self, ray: RayJobs, folder: Path) -> None:
        """Refuse a cluster that does not see the folder of the launch."""
        # What runs on this machine sees its files; elsewhere a job has to look.
        host = urlsplit(ray.address).hostname
        if host in ("127.0.0.1", "::1", "localhost", socket.gethostname()):
            return
        name = f"{folder.name}-sees-store"
        ray.submit(name, f"test -r {shlex.quote(str(folder / JOBS))}", {}, {})
        deadline = time.monotonic() + PROBING
        while time.monotonic() < deadline:
            state = ray.states().get(name)
            if state is not None and state.status not in _STATES:
                if state.status == "SUCCEEDED":
                    return
                break
            time.sleep(0.5)
        hint = "put the store on a path that both see: [tool.pconfigs] runs = ..."
        raise EngineError("ray", f"{ray.address} does not see {folder}", hint)


def address_of(config: RayExecutor) -> str:
    """Return the URL of a cluster's dashboard, or `LOCAL`.

    Raises:
        EngineError: It is not known.
    """
    address = config.address or os.environ.get(VARIABLE)
    if not address:
        hint = f"set {VARIABLE}=http://HOST:8265, or address=; address='{LOCAL}' starts a cluster"
        raise EngineError("ray", "the address of the cluster is not known", hint)
    return address


def _entrypoint(job: Job, folder: Path) -> str:
    """Return the line for the cluster's shell; `python` there would be another one."""
    file = os.path.abspath(standalone.__file__)
    return shlex.join([sys.executable, "-I", file, "start", str(folder / JOBS), str(job.index)])


@pconfig(constructs=RayEngine)
class RayExecutor(ExecutorConfig):
    """Runs as jobs of a Ray cluster.

    Attributes:
        address: URL of the dashboard; None for the environment variable RAY_ADDRESS; `"local"`
            starts a cluster on this machine and ends it with the launch.
        num_cpus: CPUs of a run; Ray starts as many runs at a time as it has CPUs for.
        num_gpus: GPUs of a run.
        memory: Bytes that a run is expected to take.
        resources: Custom resources of a run.
        cluster_cpus: CPUs of a local cluster; None for those of this machine.
    """

    address: str | None
    num_cpus: float | None
    num_gpus: float | None
    memory: int | None
    resources: dict[str, float]
    cluster_cpus: int | None

    @pcheck
    def numbers_in_range(self) -> None:
        refuse_below(self, 0, "num_cpus", "num_gpus", "memory")


give_default(
    RayExecutor,
    address=None,
    num_cpus=1,
    num_gpus=None,
    memory=None,
    resources={},
    cluster_cpus=None,
)
RayExecutor.__module__ = "pconfigs.executors"
