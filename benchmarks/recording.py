"""Measure what records of runs cost, and how fast they are read.

    python benchmarks/recording.py
    python benchmarks/recording.py --runs 200 --turns 3

Everything is made in a temporary project. Times are CPU times; a ratio is of two measurements in
turns. A start of the interpreter is `python -c pass` on the same machine.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
        print(time.process_time())
        total = 0
        for step in range(self.config.steps):
            total += self.work(step)
        return None

    def work(self, step):
        return step * step % 7

@pconfig
class LoopConfig(PConfig[Loop]):
    steps: int
    rate: float

pdefaults += LoopConfig(steps=0, rate=0.5)
config = LoopConfig()
"""


def output_of(*words: str, folder: Path) -> str:
    """Return what a command of Python writes to stdout."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # compiling would be most of what is measured
    command = [sys.executable, *words]
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    ).stdout


def cpu_of(*words: str, folder: Path) -> float:
    """Return the CPU seconds of a command, its children included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output_of(*words, folder=folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def in_turns(turns: int, *measures: Callable[[], float]) -> list[float]:
    """Return the median of each measure, taken in turns."""
    found = [[measure() for measure in measures] for _ in range(turns)]
    return [statistics.median(column) for column in zip(*found)]


def project_in(folder: Path) -> Path:
    """Make a project whose runs are recorded."""
    (folder / "pyproject.toml").write_text("")
    (folder / "lab").mkdir()
    (folder / "lab/__init__.py").write_text("")
    (folder / "lab/loop.py").write_text(TRAIN)
    cpu_of("-m", "pconfigs.run", "lab.loop", "--record", folder=folder)
    return folder


def recording(folder: Path, turns: int) -> dict[str, float]:
    """Return what a recorded run costs more than an unrecorded one until `main` begins."""
    run = ("-m", "pconfigs.run", "lab.loop")

    def until_main(*words: str) -> float:
        return float(output_of(*run, *words, folder=folder))

    start, unrecorded, recorded, whole_unrecorded, whole = in_turns(
        turns,
        lambda: cpu_of("-c", "pass", folder=folder),
        lambda: until_main("--no-record"),
        until_main,
        lambda: cpu_of(*run, "--no-record", folder=folder),
        lambda: cpu_of(*run, folder=folder),
    )
    return {
        "start of Python, ms": start * 1e3,
        "unrecorded run before main, ms": unrecorded * 1e3,
        "recorded run before main, ms more": (recorded - unrecorded) * 1e3,
        "recorded run before main, starts more": (recorded - unrecorded) / start,
        "recorded run as a whole, ms more": (whole - whole_unrecorded) * 1e3,
    }


def tracing(folder: Path, turns: int, steps: int = 2_000_000) -> dict[str, float]:
    """Return what seeing which functions ran costs a loop in Python, in percent."""
    words = ("-m", "pconfigs.run", "lab.loop", f"steps={steps}")
    plain, traced, empty_plain, empty_traced = in_turns(
        turns,
        lambda: cpu_of(*words, "--no-record", folder=folder),
        lambda: cpu_of(*words, folder=folder),
        lambda: cpu_of("-m", "pconfigs.run", "lab.loop", "--no-record", folder=folder),
        lambda: cpu_of("-m", "pconfigs.run", "lab.loop", folder=folder),
    )
    loop = plain - empty_plain
    return {"functions that ran, % of a loop": 100 * ((traced - empty_traced) - loop) / loop}


LOGGING = """
import time
from pconfigs import prun
from lab.loop import config
with prun.record(config):
    begin = time.process_time()
    for step in range({rows}):
        prun.log(step=step, loss=step / 3, rate=0.001, accuracy=0.9)
    print((time.process_time() - begin) / {rows})
"""


def logging(folder: Path, rows: int = 20_000) -> dict[str, float]:
    """Return what a row of three numbers costs, in microseconds."""
    seconds = float(output_of("-c", LOGGING.format(rows=rows), folder=folder))
    return {"prun.log of three numbers, us": seconds * 1e6}


READING = """
import statistics, time
from lab.loop import LoopConfig
from pconfigs.tree.read_recorder import ReadRecorder
watched, other = LoopConfig(steps=1), LoopConfig(steps=2)

def read(config, count=1_000_000):
    begin = time.process_time()
    for _ in range(count):
        config.rate
    return (time.process_time() - begin) / count

after, before = [], []
for _ in range(9):
    with ReadRecorder(watched, 1000):
        watched.rate
        after.append(read(watched))
    before.append(read(other))
print(statistics.median(after) - statistics.median(before))
"""


def reading(folder: Path) -> dict[str, float]:
    """Return what reading a field of the config costs more after its first read, in nanoseconds."""
    seconds = float(output_of("-c", READING, folder=folder))
    return {"reading a field again, ns more": seconds * 1e9}


def store_of(folder: Path, count: int, rows: int = 0) -> None:
    """Add runs to a store, copies of its only one with settings of their own."""
    (first,) = [path for path in (folder / "runs").iterdir() if (path / "run.json").exists()][:1]
    held: dict[str, dict[str, Any]] = {
        name: json.loads((first / name).read_text())
        for name in ("run.json", "config.json", "status.json")
    }
    line = '{{"attempt":1,"step":{0},"time":1.0,"values":{{"loss":{0}.5}}}}\n'
    text = "".join(line.format(step) for step in range(rows))
    for index in range(count):
        path = folder / "runs" / f"loop,rate={index}-{index:08x}.1"
        path.mkdir()
        changes: dict[str, dict[str, Any]] = {
            "run.json": {"fingerprint": f"{index:012x}"},
            "config.json": {"rate": index / count, "$given": ["rate"]},
            "status.json": {"started": 1e9 + index, "last": {"loss": index / 7}},
        }
        for name, data in held.items():
            (path / name).write_text(json.dumps({**data, **changes[name]}))
        (path / "metrics.jsonl").write_text(text)


def listing(folder: Path, count: int) -> dict[str, float]:
    """Return the seconds of `runs` with and without summaries in the cache folder."""
    store_of(folder, count)
    cache = folder / "cache"
    os.environ["XDG_CACHE_HOME"] = str(cache)
    words = ("-m", "pconfigs.runs")
    cold = cpu_of(*words, folder=folder)
    warm = cpu_of(*words, folder=folder)
    shutil.rmtree(cache, ignore_errors=True)
    return {f"list of {count:,} runs, s": cold, f"list of {count:,} runs again, s": warm}


def joining(folder: Path, count: int, rows: int) -> dict[str, float]:
    """Return the seconds of joining all rows of all runs into columns."""
    store_of(folder, count, rows)
    script = (
        "from pconfigs import pruns\n"
        f"assert len(pruns().metrics('loss')) == {count * rows}, len(pruns().metrics('loss'))\n"
    )
    return {f"{count * rows:,} rows of {count:,} runs, s": cpu_of("-c", script, folder=folder)}


def main() -> None:
    """Print a line for each figure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=1000, help="runs in a store")
    parser.add_argument("--rows", type=int, default=1000, help="rows of each run")
    parser.add_argument("--turns", type=int, default=9, help="measurements of each command")
    asked = parser.parse_args()
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as one:
        project = project_in(Path(one))
        figures |= recording(project, asked.turns) | logging(project) | reading(project)
        if sys.version_info >= (3, 12):
            figures |= tracing(project, asked.turns)
    for count in (asked.runs, 10 * asked.runs):
        with tempfile.TemporaryDirectory() as one:
            figures |= listing(project_in(Path(one)), count)
    with tempfile.TemporaryDirectory() as one:
        figures |= joining(project_in(Path(one)), asked.runs, asked.rows)
    for name, value in figures.items():
        print(f"{name:45} {value:10.3f}")


if __name__ == "__main__":
    main()
