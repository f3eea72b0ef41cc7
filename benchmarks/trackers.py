"""Measure how much longer a training takes while a tracker is in trouble.

    python benchmarks/trackers.py
    python benchmarks/trackers.py --turns 20 --seconds 5

The client is that of MLflow. Its server is one of this process, which hangs, answers after 30
seconds, hangs up in the middle of an answer, or has no space left. One training runs all the time,
and logs each step; followers with one of these troubles are started and killed in turns. Steps
during a turn are compared with those before and after it, in which no follower runs: two runs of a
program differ by more than what is asked here. Printed are medians of the ratios of all turns, with
their 95 % confidence intervals, of

    wall    seconds of a step
    CPU     seconds of the processor that a step needs
    waits   how much of the wall time the training waited for anything but a processor, more than
            without a follower (Linux counts it)
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import comb
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

ROOT = Path(__file__).resolve().parent.parent
TRAIN = """
from __future__ import annotations
import json, os, time
from pconfigs import PConfig, pconfig, pconfiged, prun

@pconfiged(runnable=True)
class Loop:
    config: LoopConfig

    def main(self, *args):
        steps = []
        while not os.path.exists("end"):
            sum(number * number % 7 for number in range(100_000))
            prun.log(step=len(steps), loss=1.0)
            try:
                with open("/proc/self/schedstat") as file:
                    queued = int(file.read().split()[1]) / 1e9
            except OSError:
                queued = 0.0
            steps.append((time.monotonic(), time.process_time(), queued))
        with open("steps.json", "w") as file:
            json.dump(steps, file)

@pconfig
class LoopConfig(PConfig[Loop]):
    pass

config = LoopConfig()
"""
TROUBLES = ("hangs", "answers after 30 s", "dies", "is full")
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


class Turns:
    """Intervals of time, with and without a follower.

    Args:
        folder: Of a project whose run goes on.
        seconds: Of each interval.
    """

    def __init__(self, folder: Path, seconds: float) -> None:
        self.folder, self.seconds = folder, seconds
        (self.run,) = (folder / "runs").glob("loop-*")
        self.quiet: list[tuple[float, float]] = []
        self.troubled: list[tuple[str, tuple[float, float]]] = []

    def wait(self) -> tuple[float, float]:
        """Return an interval that begins now, once it has ended."""
        start = time.monotonic()
        time.sleep(self.seconds)
        return start, time.monotonic()

    def take(self, trouble: str) -> None:
        """Add an interval with a follower whose service is in trouble, and one without."""
        with server(trouble) as address:
            follower = subprocess.Popen(
                [sys.executable, "-m", "pconfigs.trackers", str(self.run), "mlflow"],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), "MLFLOW_TRACKING_URI": address},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            self.troubled.append((trouble, self.wait()))
            follower.send_signal(signal.SIGKILL)
            follower.wait()
        self.quiet.append(self.wait())


Means = tuple[float, float, float]
"""Wall time and CPU time of a step, and the share of the wall time in which it waited."""


def means(steps: Sequence[Sequence[float]], interval: tuple[float, float]) -> Means:
    """Return the means of the steps that lie in an interval."""
    ends = [step[0] for step in steps]
    first, last = bisect_left(ends, interval[0]), bisect_right(ends, interval[1]) - 1
    count = last - first
    wall, cpu, queued = (after - before for before, after in zip(steps[first], steps[last]))
    return wall / count, cpu / count, (wall - cpu - queued) / wall


def median_of(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the median, and the bounds of its 95 % confidence interval, by order statistics."""
    count, cut, below = len(values), 0, 0.0
    while cut < (count - 1) // 2 and below + comb(count, cut) / 2**count <= 0.025:
        below += comb(count, cut) / 2**count
        cut += 1
    held = sorted(values)
    cut = max(cut - 1, 0)
    return statistics.median(held), held[cut], held[-1 - cut]


def measured(folder: Path, turns: int, seconds: float) -> tuple[Turns, list[list[float]]]:
    """Return the intervals of a training, and the end of each of its steps."""
    training = subprocess.Popen(
        [sys.executable, "-m", "pconfigs.run", "--record", "lab.loop"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
    )
    try:
        while not list((folder / "runs").glob("loop-*/metrics.jsonl")):
            time.sleep(0.05)
        found = Turns(folder, seconds)
        found.quiet.append(found.wait())
        for _ in range(turns):
            for trouble in TROUBLES:
                found.take(trouble)
    finally:
        (folder / "end").touch()
        training.wait()
    return found, json.loads((folder / "steps.json").read_text())


def main() -> None:
    """Print a line for each kind of trouble."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--turns", type=int, default=9, help="measurements of each trouble")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each measurement")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as one:
        folder = Path(one).resolve()
        (folder / "lab").mkdir()
        (folder / "lab/__init__.py").write_text("")
        (folder / "lab/loop.py").write_text(TRAIN)
        (folder / "pyproject.toml").write_text("")
        turns, steps = measured(folder, asked.turns, asked.seconds)
    quiet = [means(steps, interval) for interval in turns.quiet]
    for trouble in TROUBLES:
        ratios: list[Means] = []
        for index, (name, interval) in enumerate(turns.troubled):
            if name == trouble:
                wall, cpu, waits = means(steps, interval)
                alone = [statistics.mean(pair) for pair in zip(quiet[index], quiet[index + 1])]
                ratios.append((wall / alone[0], cpu / alone[1], 100 * (waits - alone[2])))
        shown = ["{:.3f} ({:.3f} to {:.3f})".format(*median_of(column)) for column in zip(*ratios)]
        print(f"the tracker {trouble:20} wall x {shown[0]}   CPU x {shown[1]}   waits {shown[2]} %")


if __name__ == "__main__":
    main()
