"""One row with one library in a fresh interpreter: `worker ROW LIBRARY SECONDS CASE…`.

Prints a line of JSON per case as soon as it is done, so that a case that kills the interpreter
loses no other.
"""

from __future__ import annotations

import gc
import importlib
import json
import statistics
import sys
import time
import tracemalloc
from types import ModuleType
from typing import Any

from benchmarks.jobs import Job
from benchmarks.rows import NAMED, Case, Row

BATCHES = 5
LONG = 2.0  # seconds; what takes longer is measured by its first run


def checked(row: Row, library: ModuleType, case: Case) -> tuple[Job, float]:
    """Return the job with a right answer, and the CPU seconds of its first run."""
    assert row.prepare is not None
    job = row.prepare(library, case)
    gc.collect()
    start = time.process_time()
    answer = job.run()
    first = time.process_time() - start
    job.check(answer)
    return job, first


def batch(job: Job, loops: int) -> float:
    """CPU seconds of so many runs."""
    run, turns = job.run, range(loops)
    gc.collect()
    gc.freeze()  # what was there before is not for the collector to visit again
    start = time.process_time()
    for _ in turns:
        run()
    return time.process_time() - start


def seconds(row: Row, library: ModuleType, case: Case, budget: float) -> float:
    """Median CPU seconds of one unit of the row's work, spending about `budget` seconds."""
    job, first = checked(row, library, case)
    if first > LONG:
        return first / job.per
    target = budget / BATCHES
    loops = 1
    while (spent := batch(job, loops)) < target / 2:
        loops = max(loops * 2, int(loops * target / spent) if spent > 1e-4 else 0)
    batches = max(3, min(BATCHES, int(budget / spent)))
    return statistics.median(batch(job, loops) for _ in range(batches)) / loops / job.per


def bytes_held(row: Row, library: ModuleType, case: Case) -> float:
    """Bytes of one unit of what the row's work makes."""
    job, _ = checked(row, library, case)
    gc.collect()
    tracemalloc.start()
    made = job.run()
    gc.collect()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del made
    return held / job.per


def peak() -> float | None:
    """Most memory this process has held, in MiB; None where the system does not have it."""
    try:
        import resource
    except ImportError:
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / (2**20 if sys.platform == "darwin" else 2**10))


def measure(row: Row, library: ModuleType, case: Case, budget: float) -> dict[str, Any]:
    """Return one cell: its value in seconds or bytes, or the reason for its absence."""
    try:
        if row.measure == "bytes":
            value = bytes_held(row, library, case)
        else:
            value = seconds(row, library, case, budget)
    except Exception as error:  # a failing row loses its own cells, with the reason
        words = str(error).strip().splitlines() or [""]
        name = type(error).__name__
        return {
            "case": case,
            "missing": words[0] if name == "MissingError" else f"{name}: {words[0]}",
        }
    return {"case": case, "value": value, "peak": peak()}


def main(name: str, library_name: str, budget: str, *cases: str) -> None:
    row = NAMED[name]
    wanted = [case for case in row.cases if str(case) in cases]
    try:
        library = importlib.import_module(f"benchmarks.libraries.{library_name}")
    except ImportError as error:
        for case in wanted:
            print(json.dumps({"case": case, "missing": f"not installed: {error}"}))
        return
    for case in wanted:
        print(json.dumps(measure(row, library, case, float(budget))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
