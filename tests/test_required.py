"""Skips for want of what is required, in runs of pytest of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SAMPLES = {
    "no_such_package": """
import pytest
pytest.importorskip("no_such_package")
def test_it(): ...
""",
    "slurm": """
import pytest
@pytest.fixture
def engine():
    pytest.skip("needs slurm: slurmctld not installed")
def test_it(engine): ...
""",
    "chromium": """
import pytest
@pytest.mark.skipif(True, reason="chromium is not installed")
def test_it(): ...
""",
}


@pytest.mark.slow
def test_a_skip_for_want_of_what_is_required_fails(tmp_path):
    """Whether a module, a fixture or a mark skips; a name that nothing lacks changes nothing."""
    for name, code in SAMPLES.items():
        (tmp_path / f"test_{name}.py").write_text(code)

    def run(*required: str) -> subprocess.CompletedProcess[str]:
        options = ["-q", "-p", "tests.required", "-p", "no:cacheprovider", "-c", os.devnull]
        options += ["--continue-on-collection-errors", f"--rootdir={tmp_path}"]
        return subprocess.run(
            [sys.executable, "-m", "pytest", *options, str(tmp_path)],
            cwd=ROOT,
            env={**os.environ, "PCONFIGS_REQUIRE": ",".join(required)},
            capture_output=True,
            text=True,
            check=False,
        )

    done = run("other")
    assert (done.returncode, "3 skipped" in done.stdout) == (0, True), done.stdout
    refused = run(*SAMPLES)
    assert refused.returncode != 0
    assert [f"PCONFIGS_REQUIRE has {name}: " in refused.stdout for name in SAMPLES] == [True] * 3
