"""A Ray cluster of this machine, which ends with what has started it."""

from __future__ import annotations

import random
import signal
import socket
import sys
import time
from pathlib import Path
from secrets import token_hex

from pconfigs.clients.ray import MODE, TOKEN_FILE, RayJobs
from pconfigs.errors.base import MissingExtraError
from pconfigs.errors.runs import EngineError
from pconfigs.launchers.engines.children import Children

STARTING = 120.0
"""Seconds that a cluster may take to start."""
_AT_ONCE = {"RAY_GRACEFUL_SHUTDOWN_DRAIN_TIMEOUT_S": "0"}
"""Lets a cluster end when it is asked to, not when its jobs have ended."""


class LocalCluster:
    """A cluster of this machine, which ends with `stop`, or with this process.

    Attributes:
        address: URL of its dashboard.
        environment: What clients in other processes need.
        jobs: Its job server.

    Args:
        folder: For its token and its output.
        cpus: How many CPUs it has; None for those of the machine.

    Raises:
        MissingExtraError: Ray is not installed.
        EngineError: It does not start.
    """

    def __init__(self, folder: Path, cpus: int | None = None) -> None:
        program = Path(sys.executable).with_name("ray")
        if not program.exists():
            raise MissingExtraError("ray[default]", "ray", "starting runs on Ray")
        folder.mkdir(parents=True, exist_ok=True)
        token, file = token_hex(32), folder / "ray-token"
        file.touch(mode=0o600)
        file.write_text(token)
        self.environment = {MODE: "token", TOKEN_FILE: str(file)}
        ports = _free_ports(4)
        self.address = f"http://127.0.0.1:{ports[0]}"
        self._output = folder / "ray.log"
        words = [
            *(str(program), "start", "--head", "--block", "--disable-usage-stats"),
            *("--dashboard-host=127.0.0.1", f"--dashboard-port={ports[0]}"),
            *(f"--port={ports[1]}", f"--ray-client-server-port={ports[2]}"),
            f"--dashboard-agent-listen-port={ports[3]}",
            *([] if cpus is None else [f"--num-cpus={cpus}"]),
        ]
        self._children = Children()
        try:
            with self._output.open("ab") as output:
                env = {**self.environment, **_AT_ONCE}
                self._head = self._children.start(words, env, output=output)
            self.jobs = self._connected(token)
        except BaseException:
            self.stop()
            raise

    def _connected(self, token: str) -> RayJobs:
        """Return the job server once it answers."""
        deadline = time.monotonic() + STARTING
        while time.monotonic() < deadline:
            if self._head.process.poll() is not None:
                break
            try:
                jobs = RayJobs(self.address, token)
                jobs.states()
            except EngineError:
                time.sleep(0.2)
            else:
                return jobs
        text = self._output.read_text(errors="replace")
        raise EngineError("ray", f"a local cluster does not start:\n{text[-2000:]}")

    def stop(self) -> None:
        """End the cluster and all of its jobs."""
        self._children.end(self._children.running, signal.SIGTERM)
        self._children.close()


def _free_ports(count: int) -> list[int]:
    """Return ports that are free, below those that Ray takes for its workers.

    They are drawn at random: another launch may look for some at the same time.
    """
    found: list[int] = []
    sockets: list[socket.socket] = []
    for port in random.SystemRandom().sample(range(6400, 9900), 3500):
        one = socket.socket()
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            one.close()
            continue
        sockets.append(one)  # open until all are found: none of them is taken meanwhile
        found.append(port)
        if len(found) == count:
            break
    for one in sockets:
        one.close()
    return found
