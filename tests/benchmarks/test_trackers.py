"""The benchmark of trackers works, and prints a line for each kind of trouble."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

from tests.pages import ROOT

if find_spec("mlflow") is None:
    pytest.skip("mlflow is not installed", allow_module_level=True)


@pytest.mark.slow
@pytest.mark.engines
def test_the_benchmark_of_trackers_runs():
    done = subprocess.run(
        [sys.executable, "benchmarks/trackers.py", "--turns", "1", "--seconds", "2"],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert [line.partition("  ")[0] for line in done.stdout.splitlines()] == [
        "the tracker hangs", "the tracker answers after 30 s", "the tracker dies",
        "the tracker is full",
    ]  # fmt: skip
