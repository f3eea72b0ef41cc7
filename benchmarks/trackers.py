"""Measure how much longer a training takes while a tracker is in trouble.

    python benchmarks/trackers.py
    python benchmarks/trackers.py --turns 15 --steps 400

The client is that of MLflow. Its server is one of this process, which hangs, answers after 30
seconds, hangs up in the middle of an answer, or has no space left. A training of some seconds is
measured without a tracker and with each of these in turns; a ratio is the median of the ratios of
neighbours.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

ROOT = Path(__file__).resolve().parent.parent
TRAIN = """
from __future__ import annotations
import time
from pconfigs import PConfig, pconfig, pconfiged, pdefaults, prun

@pconfiged(runnable=True)
class Loop:
    config: LoopConfig

    def main(self, *args):
        wall, cpu = time.perf_counter(), time.process_time()
        total = 0
        for step in range(self.config.steps):
            total += sum(number * number % 7 for number in range(100_000))
            prun.log(step=step, loss=float(total))
        print(time.perf_counter() - wall, time.process_time() - cpu)

@pconfig
class LoopConfig(PConfig[Loop]):
    steps: int

pdefaults += LoopConfig(steps=400)
config = LoopConfig()
"""
LATE = 30.0  # seconds


class Troubled(BaseHTTPRequestHandler):
    """Answers as the server's `trouble` has it."""

    def handle_one_request(self) -> None:
        """Read a request, and be in trouble."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        trouble = getattr(self.server, "trouble", "")
        if trouble in ("hangs", "answers after 30 s"):
            ended: threading.Event = self.server.ended  # type: ignore[attr-defined]
            ended.wait(600.0 if trouble == "hangs" else LATE)
        if trouble == "dies":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
        else:
            self.send_error(507)
        self.close_connection = True

    def log_message(self, *given: object) -> None:
        """Print nothing."""


@contextmanager
def server(trouble: str) -> Iterator[str]:
    """Yield the address of a server in trouble; an empty one for no tracker."""
    if not trouble:
        yield ""
        return
    found = ThreadingHTTPServer(("127.0.0.1", 0), Troubled)
    found.daemon_threads = True
    found.trouble, found.ended = trouble, threading.Event()  # type: ignore[attr-defined]
    threading.Thread(target=found.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{found.server_address[1]}"
    finally:
        found.ended.set()  # type: ignore[attr-defined]
        found.shutdown()
        found.server_close()


def training(folder: Path, trouble: str, steps: int) -> tuple[float, float]:
    """Return seconds and CPU seconds of the training's loop."""
    with server(trouble) as address:
        words = ["--tracker", "mlflow"] if address else []
        done = subprocess.run(
            [sys.executable, "-m", "pconfigs.run", "lab.loop", f"steps={steps}", *words],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "MLFLOW_TRACKING_URI": address},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=True,
        )
        end_followers(folder)
    wall, cpu = done.stdout.split()
    return float(wall), float(cpu)


def end_followers(folder: Path) -> None:
    """Kill the followers of a project's runs, which would try for a minute more."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = path.read_bytes().split(b"\0")
            if b"pconfigs.trackers" in words and any(
                word.startswith(os.fsencode(folder)) for word in words
            ):
                os.kill(int(path.parent.name), signal.SIGKILL)


def main() -> None:
    """Print a line for each kind of trouble."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--turns", type=int, default=9, help="measurements of each trouble")
    parser.add_argument("--steps", type=int, default=400, help="of the training")
    asked = parser.parse_args()
    troubles = ("hangs", "answers after 30 s", "dies", "is full")
    ratios: dict[str, list[tuple[float, float]]] = {trouble: [] for trouble in troubles}
    with tempfile.TemporaryDirectory() as one:
        folder = Path(one).resolve()
        (folder / "lab").mkdir()
        (folder / "lab/__init__.py").write_text("")
        (folder / "lab/loop.py").write_text(TRAIN)
        (folder / "pyproject.toml").write_text('[tool.pconfigs]\nruns = "runs"\n')
        before = training(folder, "", asked.steps)
        for _ in range(asked.turns):
            for trouble in troubles:
                troubled = training(folder, trouble, asked.steps)
                after = training(folder, "", asked.steps)
                alone = [statistics.mean(pair) for pair in zip(before, after)]
                ratios[trouble].append((troubled[0] / alone[0], troubled[1] / alone[1]))
                before = after
    for trouble, found in ratios.items():
        wall, cpu = (statistics.median(column) for column in zip(*found))
        print(f"the tracker {trouble:20} wall x {wall:.3f}   cpu x {cpu:.3f}")


if __name__ == "__main__":
    main()
