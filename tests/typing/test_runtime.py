"""What the stubs promise is there at run time, and the sample files run."""

from __future__ import annotations

import subprocess
import sys

import pytest

import pconfigs
from pconfigs import pinnable
from tests.typing.checkers import HERE, LIMITS, MODERN, ROOT, names_in_stub

GOOD = sorted((HERE / "good").glob("*.py"))


def test_the_stub_has_every_public_name():
    """Every name that `pconfigs` exports is known to type checkers."""
    assert set(pconfigs.__all__) <= names_in_stub("__init__.pyi")


def test_every_name_of_the_stub_is_there():
    """Every name that type checkers know can be imported."""
    assert names_in_stub("__init__.pyi") <= {*pconfigs.__all__}


def test_both_doors_give_the_same_objects():
    """A name of `pconfigs.pinnable` is the same object in `pconfigs`."""
    for name in pinnable.__all__:
        assert getattr(pinnable, name) is getattr(pconfigs, name)


@pytest.mark.typing
@pytest.mark.parametrize(
    "file",
    [*GOOD, *LIMITS, HERE / "modern" / "parameters.py"],
    ids=lambda file: file.stem,
)
def test_sample_files_run(file):
    """What type checkers take as correct runs."""
    if file in MODERN and sys.version_info < (3, 12):
        pytest.skip("has no such syntax")
    done = subprocess.run(
        [sys.executable, str(file)],
        env={"PYTHONPATH": f"{ROOT}:{HERE / 'common'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.typing
@pytest.mark.parametrize("spelling", ["base", "short"])
def test_spellings_run_alike(spelling):
    """The trainer prints the same in every spelling."""
    outputs = [
        subprocess.run(
            [sys.executable, "-c", "from project.experiments.second import config; print(config)"],
            cwd=folder,
            env={"PYTHONPATH": f"{folder}:{ROOT}"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for folder in (ROOT, HERE / "spellings" / spelling)
    ]
    assert outputs[0] == outputs[1]
