"""The benchmark of sweeps works, and its figures are not far off."""

import subprocess
import sys

import pytest

from tests.pages import ROOT


@pytest.mark.slow
def test_the_benchmark_of_sweeps_runs():
    done = subprocess.run(
        [sys.executable, "benchmarks/sweeps.py", "--points", "20"],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    figures = {}
    for line in done.stdout.splitlines():
        name, _, value = line.rpartition(" ")
        figures[name.strip()] = float(value)
    assert figures["point, starts more than one"] < 3
    small, large = (value for name, value in figures.items() if name.startswith("launcher of"))
    assert large < 1.1 * small
