"""Answers of Slurm's commands, with what a site prints besides, or in another encoding."""

import pytest

from pconfigs.errors.runs import EngineError, SettingsError
from pconfigs.executors import Job, SlurmExecutor
from pconfigs.runs.lineage.location import MOUNTS, places_here


@pytest.fixture
def slurm(tmp_path, monkeypatch):
    """Return what lets a command of Slurm print something."""
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    def put(name, output):
        (tmp_path / f"{name}.out").write_bytes(output)
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\nexec cat {tmp_path}/{name}.out\n")
        program.chmod(0o755)

    for name in ("sbatch", "squeue", "sacct", "scancel"):
        put(name, b"")
    return put


@pytest.mark.parametrize("before", [b"", b"Welcome\n", b"M\xfcll|a\n", b"12\n", b"12||\n"])
@pytest.mark.parametrize("command", ["squeue", "sacct"])
def test_lines_that_are_not_about_a_job_are_left_out(command, before, slurm):
    slurm(command, before + b"12|RUNNING|0:0\n13|  |\n")
    found = SlurmExecutor().construct().poll(["12", "13"])
    assert found["12"].state == "running"
    assert found["13"].word == "Slurm does not know it any more"


@pytest.mark.parametrize("output", [b"12\n", b"12;here\n", b"M\xfcll\n12\n"])
def test_the_id_of_what_is_submitted_is_the_last_line_that_is_one(output, slurm, tmp_path):
    slurm("sbatch", output)
    assert SlurmExecutor().construct().submit([Job("/a", ("true",))], tmp_path) == ["12"]


@pytest.mark.parametrize("output", [b"", b"Submitted batch job 12\n", b"--me\n"])
def test_a_submission_without_an_id_is_an_error(output, slurm, tmp_path):
    slurm("sbatch", output)
    with pytest.raises(EngineError, match="must print the id of the job"):
        SlurmExecutor().construct().submit([Job("/a", ("true",))], tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", '{"/a": 1}', "[" * 100_000])
def test_a_variable_that_is_not_what_executors_set_is_refused(text, monkeypatch):
    monkeypatch.setenv(MOUNTS, text)
    with pytest.raises(SettingsError, match=f"{MOUNTS}: it must be a JSON object of paths"):
        places_here()
