"""Measure pconfigs next to a hand-written dataclass and the alternatives that are installed.

    python benchmarks/run.py --quick
    python benchmarks/run.py --rows build,read --libraries dataclass,pconfigs --json result.json

Every answer is checked before anything is timed. Each row and library is measured in fresh
interpreters, in turns, by CPU time; what is shown are medians, and ratios within one turn.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks import machine, plot, processes, report  # noqa: E402
from benchmarks.rows import LARGE, LIBRARIES, NAMED, Row  # noqa: E402

Sample = dict[
    str, Any
]  # row, library, case, repetition, and value (with peak or modules) or missing

KEPT = processes.ROOT / "docs" / "benchmarks"


def from_process(row: Row, library: str, turns: int) -> list[Sample]:
    """Return the single case of a row that is about whole processes."""
    statement = LIBRARIES[library]
    if not processes.installed(statement):
        return [{"case": "", "missing": f"not installed: {library}"}]
    try:
        samples = []
        for _ in range(turns):
            if row.measure == "import":
                value = processes.import_seconds(statement)
            else:
                value = processes.shell_ratio(library)
            samples.append({"case": "", "value": value})
        if row.measure == "import":
            samples[0]["modules"] = processes.import_modules(statement)
    except processes.ProcessError as error:
        return [{"case": "", "missing": str(error)}]
    return samples


def from_worker(row: Row, library: str, cases: tuple[Any, ...], budget: float) -> list[Sample]:
    """Return the cases of a row, measured in a new interpreter."""
    words = ["-m", "benchmarks.worker", row.name, library, str(budget), *map(str, cases)]
    limit = 600 if row.large else 120
    try:
        done = subprocess.run(
            [*processes.PYTHON, *words],
            capture_output=True, text=True, cwd=processes.ROOT, timeout=limit, check=False,
        )  # fmt: skip
        text, reason = done.stdout, f"the interpreter died ({done.returncode})"
        if done.returncode > 0:
            reason = (done.stderr.strip().splitlines() or [reason])[-1]
    except subprocess.TimeoutExpired as late:
        text = late.stdout.decode() if isinstance(late.stdout, bytes) else late.stdout or ""
        reason = f"not done after {limit} s"
    samples = [json.loads(line) for line in text.splitlines()]
    seen = {sample["case"] for sample in samples}
    return samples + [{"case": case, "missing": reason} for case in cases if case not in seen]


def measure(rows: list[Row], libraries: list[str], quick: bool, turns: int) -> list[Sample]:
    """Return every sample, repetition by repetition; the libraries take turns at going first."""
    samples: list[Sample] = []
    for repetition in range(1 if quick else turns):
        for row in rows:
            if row.large and repetition:
                continue
            wanted = [name for name in libraries if not row.large or name in LARGE]
            shift = repetition % len(wanted) if wanted else 0
            for library in wanted[shift:] + wanted[:shift]:
                tell(f"{repetition + 1}: {row.name}, {library}")
                if row.prepare is None:
                    found = from_process(row, library, 3)
                else:
                    cases = (row.quick or row.cases) if quick else row.cases
                    found = from_worker(row, library, cases, 0.02 if quick else 0.3)
                place = {"row": row.name, "library": library, "repetition": repetition}
                samples += [place | sample for sample in found]
    tell("")
    return samples


def tell(words: str) -> None:
    """Show on a terminal what is being measured."""
    if sys.stderr.isatty():
        print(f"\r\033[K{words}", end="", file=sys.stderr)


def names(text: str | None, known: Iterable[str], what: str) -> list[str]:
    """Return the names in a comma-separated list, as ordered in `known`; all without a list."""
    if text is None:
        return list(known)
    asked = text.split(",")
    unknown = [name for name in asked if name not in known]
    if unknown:
        raise SystemExit(f"no such {what}: {unknown[0]} (there are {', '.join(known)})")
    return [name for name in known if name in asked]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="few cases, once: under a minute")
    parser.add_argument("--rows", metavar="A,B", help=f"only these of {', '.join(NAMED)}")
    parser.add_argument("--libraries", metavar="A,B", help=f"only these of {', '.join(LIBRARIES)}")
    parser.add_argument("--turns", metavar="N", type=int, default=5, help="how often: 5")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write all figures there")
    parser.add_argument(
        "--keep", action="store_true", help=f"write the result to {KEPT.name} in docs"
    )
    given = parser.parse_args()

    rows = [NAMED[name] for name in names(given.rows, NAMED, "row")]
    if given.quick and not given.rows:
        rows = [row for row in rows if row.quick]
    libraries = names(given.libraries, LIBRARIES, "library")

    start = time.monotonic()
    facts = machine.facts()  # of what is about to be measured: the checkout may move meanwhile
    samples = measure(rows, libraries, given.quick, given.turns)
    result = {
        "machine": facts,
        "quick": given.quick,
        "minutes": round((time.monotonic() - start) / 60, 1),
        "cells": report.cells(samples),
        "samples": samples,
    }
    print(report.page(result))
    if given.json:
        given.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if given.keep:
        KEPT.mkdir(parents=True, exist_ok=True)
        (KEPT / "results.json").write_text(json.dumps(result) + "\n", encoding="utf-8")
        (KEPT / "scaling.svg").write_text(plot.svg(result), encoding="utf-8")
        report.write_between_marks(KEPT / "index.md", report.page(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
