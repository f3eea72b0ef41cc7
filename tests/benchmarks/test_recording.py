"""The benchmark of recording works, and prints all of its figures."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_benchmark_of_recording_runs():
    done = subprocess.run(
        [sys.executable, "benchmarks/recording.py", "--runs", "20", "--rows", "10", "--turns", "1"],
        cwd=ROOT, capture_output=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    figures = dict(re.findall(r"^(.*?) {2,}(-?[\d.]+)$", done.stdout, re.MULTILINE))
    assert float(figures["prun.log of three numbers, us"]) > 0
    assert "200 rows of 20 runs, s" in figures
