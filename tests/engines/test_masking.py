"""Secrets in what launched runs print reach no file of the store, whichever engine starts them."""

import os
from pathlib import Path

import pytest

from tests.launchers.lab import Lab

SECRET = "planted-secret"
LEAKS = """
import os, subprocess, sys
from pathlib import Path
from pconfigs import PConfig, Secret, pconfig, pconfiged, prun

@pconfiged(runnable=True)
class Leak:
    config: "LeakConfig"

    def main(self, args=None, others=()):
        key = self.config.key
        prun.log(step=0, note=f"logged {key}")
        print("whole", key, flush=True)
        for piece in ("in two ", key[:7], key[7:], "\\n"):
            os.write(1, piece.encode())
        child = "import os, sys; os.write(2, sys.stdin.buffer.read())"
        subprocess.run([sys.executable, "-c", child], input=f"child {key}\\n".encode())
        raise ValueError(f"no such {key}")

@pconfig(constructs=Leak)
class LeakConfig(PConfig[Leak]):
    key: Secret[str]

config = LeakConfig(key=Path(@KEY@).read_text())
"""
PROFILES = """
[slurm]
executor = "slurm"
partition = "main"
ntasks_per_node = 2

[ray]
executor = "ray"

[torchrun]
executor = "local"
torchrun = { nproc_per_node = 2 }
"""
TORCHRUN = """
import os, subprocess, sys
words = sys.argv[sys.argv.index("--no-python") + 1 :]
ranks = [
    subprocess.Popen(words, env={
        **os.environ, "RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": "2",
        "TORCHELASTIC_RUN_ID": "none", "MASTER_ADDR": "localhost", "MASTER_PORT": "29500",
    })
    for rank in range(2)
]
sys.exit(max(rank.wait() for rank in ranks))
"""


@pytest.fixture
def lab(tmp_path):
    """Return a project with an experiment whose secret is in a file outside of it."""
    key = tmp_path / "key"
    key.write_text(SECRET)
    (tmp_path / "project").mkdir()
    made = Lab(tmp_path / "project")
    (made.folder / "lab/leaks.py").write_text(LEAKS.replace("@KEY@", repr(str(key))))
    (made.folder / "env.toml").write_text(PROFILES)
    yield made
    made.close()


def check(lab: Lab, profile: str, ranks: int, **env: str) -> None:
    done = lab.run("run", "lab.leaks", "--on", profile, **env)
    assert done.returncode == 1, done.stderr
    (folder,) = lab.folders()
    log = (folder / "log.txt").read_text()
    for line in ("whole ***\n", "in two ***\n", "child ***\n", "ValueError: no such ***\n"):
        assert log.count(line) == ranks, log
    assert SECRET not in done.stdout + done.stderr
    files = [path for path in Path(lab.folder / "runs").rglob("*") if path.is_file()]
    assert len(files) > 10
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]


@pytest.mark.engines
def test_under_slurm(slurm, lab):
    check(lab, "slurm", ranks=2)


@pytest.mark.engines
def test_under_ray(ray, lab):
    check(lab, "ray", ranks=1)


def test_under_a_launcher_of_ranks(lab, tmp_path):
    """A stand-in for torchrun sets what torchrun sets."""
    package = tmp_path / "stand-in/torch/distributed"
    package.mkdir(parents=True)
    (package / "run.py").write_text(TORCHRUN)
    paths = [str(tmp_path / "stand-in"), os.environ.get("PYTHONPATH", "")]
    check(lab, "torchrun", ranks=2, PYTHONPATH=os.pathsep.join(filter(None, paths)))
