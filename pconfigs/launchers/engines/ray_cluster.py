"""A Ray cluster of this machine, which ends with what has started it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from secrets import token_hex

from pconfigs.clients.ray import MODE, TOKEN_FILE, RayJobs
from pconfigs.errors.base import MissingExtraError
from pconfigs.errors.launchers import EngineError

STARTING = 120.0
"""Seconds that a cluster may take to start."""


class LocalCluster:
    """A cluster of this machine, which ends with `stop`.

    Attributes:
        address: URL of its dashboard.
        environment: What its clients need.
        process: Its head.

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
        token = folder / "ray-token"
        token.touch(mode=0o600)
        token.write_text(token_hex(32))
        self.environment = {MODE: "token", TOKEN_FILE: str(token)}
        os.environ.update(self.environment)  # for the client of this process, too
        ports = _free_ports(3)
        self.address = f"http://127.0.0.1:{ports[0]}"
        self._output = folder / "ray.log"
        words = [
            *(str(program), "start", "--head", "--block", "--disable-usage-stats"),
            *("--dashboard-host=127.0.0.1", f"--dashboard-port={ports[0]}"),
            *(f"--port={ports[1]}", f"--ray-client-server-port={ports[2]}"),
            *([] if cpus is None else [f"--num-cpus={cpus}"]),
        ]
        with self._output.open("ab") as output:
            self.process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + STARTING
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                RayJobs(self.address).states()
            except EngineError:
                time.sleep(0.2)
            else:
                return
        self.stop()
        text = self._output.read_text(errors="replace")
        raise EngineError("ray", f"a local cluster does not start:\n{text[-2000:]}")

    def stop(self) -> None:
        """End the cluster and all of its jobs."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def _free_ports(count: int) -> list[int]:
    """Return ports that are free, below those that Ray takes for its workers."""
    found: list[int] = []
    sockets: list[socket.socket] = []
    for port in range(6400, 9900):
        one = socket.socket()
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            one.close()
            continue
        sockets.append(one)
        found.append(port)
        if len(found) == count:
            break
    for one in sockets:
        one.close()
    return found
