"""Submissions that a batch system refuses in the middle: nothing of them is left in its queue."""

import os
import stat

import pytest

from pconfigs.clients.ray import TOKEN, TOKEN_FILE, _known_token
from pconfigs.errors import EngineError, PConfigError
from pconfigs.executors import Job, RayExecutor, SlurmExecutor
from pconfigs.launchers.engines import slurm
from tests.limits import limits

SBATCH = """#!/bin/sh
cat > /dev/null
echo x >> submitted
if [ "$(wc -l < submitted)" -ge 3 ]; then
    echo "sbatch: error: QOSMaxSubmitJobPerUserLimit" >&2
    exit 1
fi
echo "$(wc -l < submitted | tr -d ' ')"
"""
SCANCEL = """#!/bin/sh
echo "$@" >> cancelled
"""


@pytest.fixture
def queue(tmp_path, monkeypatch):
    """Return the folder of a stand-in for Slurm that takes two submissions."""
    monkeypatch.chdir(tmp_path)
    for name, text in (("sbatch", SBATCH), ("scancel", SCANCEL)):
        file = tmp_path / name
        file.write_text(text)
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def jobs(folder, count):
    return [Job(str(folder / str(n)), ("python", "-c", "pass"), index=n) for n in range(count)]


def test_slurm_keeps_nothing_of_a_launch_that_it_refuses_in_part(queue, monkeypatch):
    monkeypatch.setattr(slurm, "LARGEST_ARRAY", 2)
    engine = SlurmExecutor().construct()
    with pytest.raises(EngineError, match="QOSMaxSubmitJobPerUserLimit"):
        engine.submit(jobs(queue, 6), queue)
    assert (queue / "cancelled").read_text().split() == ["1_0", "1_1", "2_0", "2_1"]


class Server:
    """A job server that takes two jobs."""

    address = "http://127.0.0.1:8265"

    def __init__(self):
        self.names, self.stopped = [], []

    def submit(self, name, entrypoint, env, resources):
        if len(self.names) == 2:
            raise EngineError("ray", "the job server has gone")
        self.names.append(name)

    def stop(self, name):
        self.stopped.append(name)


def test_ray_keeps_nothing_of_a_launch_that_it_refuses_in_part(tmp_path):
    engine = RayExecutor(address=Server.address).construct()
    engine._known = server = Server()
    with pytest.raises(EngineError, match="has gone"):
        engine.submit(jobs(tmp_path, 4), tmp_path)
    assert server.stopped == server.names
    assert len(server.names) == 2


def test_options_of_sbatch_are_words_for_themselves(tmp_path):
    """sbatch takes quoted words apart as a shell does."""
    folder = tmp_path / "my runs"
    engine = SlurmExecutor(args=["--comment=it's #1"], partition="main").construct()
    lines = engine.script(jobs(folder, 1), folder).splitlines()
    assert f"#SBATCH '--output={folder}/slurm-%A_%a.txt'" in lines
    assert """#SBATCH '--comment=it'"'"'s #1'""" in lines
    assert "#SBATCH --partition=main" in lines


@pytest.mark.parametrize("name", ["A B", "A;touch x", "", "1A", "A=B"])
def test_names_of_variables_are_checked(name):
    with pytest.raises(PConfigError, match="env_vars must have names of variables"):
        SlurmExecutor(env_vars={name: "x"})


@pytest.mark.parametrize("content", [b"\xff", None, b""])
def test_a_token_that_cannot_be_read_counts_as_none(content, tmp_path, monkeypatch):
    file = tmp_path / "token"
    monkeypatch.setenv(TOKEN_FILE, str(file))
    monkeypatch.delenv(TOKEN, raising=False)
    os.mkfifo(file) if content is None else file.write_bytes(content)
    with limits(2.0):
        assert _known_token() is None
