"""The batch script, and what the fields of the Slurm executor make of it; no cluster is needed."""

import subprocess
from pathlib import Path

import pytest

from pconfigs.errors import CheckError
from pconfigs.errors.runs import EngineError
from pconfigs.executors import Job, SlurmExecutor, Torchrun
from pconfigs.launchers.engines.slurm_queue import seen_as


def script_of(count=1, **fields):
    jobs = [Job(f"/runs/{n}", ("true",), index=n) for n in range(count)]
    return SlurmExecutor(**fields).construct().script(jobs, Path("/runs/.jobs/rates-1"))


def test_fields_become_options():
    script = script_of(
        24, partition="gpu", account="lab", time="4:00:00", nodes=2, gpus_per_node=8, mem="64G",
        parallel=4, args=["--exclusive"], env_vars={"A": "it's b"}, warn_seconds=60,
    )  # fmt: skip
    for line in (
        "#SBATCH --array=0-23%4",
        "#SBATCH --partition=gpu",
        "#SBATCH --account=lab",
        "#SBATCH --time=4:00:00",
        "#SBATCH --nodes=2",
        "#SBATCH --gpus-per-node=8",
        "#SBATCH --mem=64G",
        "#SBATCH --exclusive",
        "#SBATCH --signal=B:USR1@60",
        "#SBATCH --requeue",
        """export A='it'"'"'s b'""",
    ):
        assert line in script.splitlines()
    assert script.splitlines()[-1].startswith("exec ")
    subprocess.run(["bash", "-n"], input=script, text=True, check=True)


@pytest.mark.parametrize(
    "fields", [{"partition": "a\nid"}, {"args": ["--comment=a\rb"]}, {"mem": "1G\x1b[2J"}]
)
def test_options_do_not_become_lines_of_the_script(fields):
    with pytest.raises(EngineError, match="an option of sbatch must be one line"):
        script_of(**fields)


def test_options_and_variables_are_words_for_the_shell(tmp_path):
    text = "$(touch owned)`touch owned`;touch owned"
    script = script_of(partition=text, args=[f"--comment={text}"], env_vars={"A": f"{text}\nid"})
    before = script[: script.index("exec ")]
    subprocess.run(["bash", "-e"], input=before, text=True, check=True, cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_set_is_left_to_slurm():
    options = [line for line in script_of().splitlines() if line.startswith("#SBATCH")]
    names = [option.split("=")[0].removeprefix("#SBATCH --") for option in options]
    assert names == ["job-name", "output", "open-mode", "requeue", "signal"]


def test_long_sweeps_are_several_arrays():
    script = script_of(2500)
    assert script.count("#!/bin/bash") == 3
    assert "#SBATCH --array=0-499" in script
    assert "+ 2000))" in script
    assert "--dependency" not in script


def test_arrays_with_a_limit_run_one_after_the_other():
    script = script_of(2001, parallel=8)
    assert script.count("#SBATCH --array=0-999%8") == 2
    assert script.count("#SBATCH '--dependency=afterany:<the array before>'") == 2


def test_several_nodes_meet_at_the_first():
    executor = SlurmExecutor(
        nodes=2, cpus_per_task=3, torchrun=Torchrun(nproc_per_node=8, nnodes=2)
    )
    words = executor.construct().command(["-m", "pconfigs.run"], {}, [])
    assert words[:3] == ("srun", "--kill-on-bad-exit=1", "--cpus-per-task=3")
    assert "--rdzv-endpoint={PCONFIGS_HEAD}:29500" in words
    assert words[-2:] == ("-m", "pconfigs.run")
    assert "export PCONFIGS_HEAD=$(" in script_of(nodes=2)


def test_pyxis_takes_image_and_mounts():
    executor = SlurmExecutor(container_image="nvcr.io#nvidia/pytorch:25.01", mounts=["/a:/b"])
    words = executor.construct().command(["-m", "pconfigs.run"], {}, ["/runs"])
    assert "--container-image=nvcr.io#nvidia/pytorch:25.01" in words
    assert "--container-mounts=/runs:/runs,/a:/b" in words
    assert words[-4:] == ("python3", "-P", "-m", "pconfigs.run")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"nodes": 0}, "nodes must be at least 1, got 0"),
        ({"gpus_per_node": -1}, "gpus_per_node must be at least 0, got -1"),
        ({"mounts": ["/a:/b"]}, "mounts must come with container_image"),
    ],
)
def test_wrong_fields_are_refused(fields, message):
    with pytest.raises(CheckError, match=message):
        SlurmExecutor(**fields)


@pytest.mark.parametrize(
    ("state", "reason", "expected"),
    [
        ("PENDING", "Resources", ("queued", "Resources")),
        ("PENDING", "None", ("queued", "PENDING")),
        ("RUNNING", "None", ("running", "")),
        ("COMPLETING", "None", ("running", "COMPLETING")),
        ("TIMEOUT", "TimeLimit", ("gone", "TIMEOUT (TimeLimit)")),
        ("FAILED", "5:0", ("gone", "FAILED (5:0)")),
        ("COMPLETED", "0:0", ("gone", "COMPLETED")),
    ],
)
def test_states(state, reason, expected):
    seen = seen_as(state, reason)
    assert (seen.state, seen.word) == expected
