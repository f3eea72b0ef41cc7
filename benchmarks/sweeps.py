"""Measure what a sweep costs for each of its points, and what its launcher keeps in memory.

    python benchmarks/sweeps.py
    python benchmarks/sweeps.py --points 1000 --slots 2

Everything is made in a temporary project, whose points do next to nothing. Times are CPU times of
all processes. `start` is a start of the interpreter with the library imported: an unrecorded
`python -m pconfigs.run` of one point.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.recording import TRAIN, cpu_of, in_turns, project_in  # noqa: E402
from pconfigs import psweep  # noqa: E402

SWEEPS = """
from pconfigs import psweep  # noqa: E402
from lab.loop import config

half = psweep(config, grid={{"steps": range({half})}})
whole = psweep(config, grid={{"steps": range({points})}})
"""


def points(folder: Path, count: int, slots: int) -> dict[str, float]:
    """Return the cost of a point, in starts of the interpreter, and of asking what is done."""
    half = count // 2
    (folder / "lab" / "many.py").write_text(SWEEPS.format(half=half, points=count))
    words = ("--slots", str(slots))
    (start,) = in_turns(
        5, lambda: cpu_of("-m", "pconfigs.run", "lab.loop", "--no-record", folder=folder)
    )
    first, small = launcher(folder, "lab.many.half", *words)
    rest, large = launcher(folder, "lab.many.whole", *words)
    again, _ = launcher(folder, "lab.many.whole", *words)
    per_point = (first + rest - again) / count
    return {
        "start, ms": start * 1e3,
        f"point of {count:,}, ms": per_point * 1e3,
        "point, starts more than one": per_point / start - 1,
        f"asking which of {count:,} are done, s": again,
        f"launcher of {half:,} points, MB": small,
        f"launcher of {count:,} points, MB": large,
    }


def launcher(folder: Path, *words: str) -> tuple[float, float]:
    """Return CPU seconds of a sweep, runs included, and the most memory of its launcher, in MB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPATH": sys.path[0]}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    code = (
        "import resource, sys\n"
        "from pconfigs.cli.main import run_command\n"
        "code = run_command('run', sys.argv[1:])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=folder, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took, int(done.stdout.split()[-1]) / 1024


def building(count: int) -> dict[str, float]:
    """Return what a point costs where the sweep is made, in microseconds."""
    scope: dict[str, object] = {"__name__": "made"}
    exec(compile(TRAIN, "<made>", "exec"), scope)
    config = scope["config"]
    psweep(config, grid={"steps": range(count)})
    begin = time.process_time()
    psweep(config, grid={"steps": range(count)})
    return {"building a point, us": (time.process_time() - begin) / count * 1e6}


def main() -> None:
    """Print a line for each figure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--points", type=int, default=200, help="points of the sweep")
    parser.add_argument("--slots", type=int, default=2, help="runs at a time")
    asked = parser.parse_args()
    figures = building(1000)
    with tempfile.TemporaryDirectory() as one:
        figures |= points(project_in(Path(one)), asked.points, asked.slots)
    for name, value in figures.items():
        print(f"{name:45} {value:10.3f}")


if __name__ == "__main__":
    main()
