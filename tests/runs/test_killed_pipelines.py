"""Pipelines whose processes are killed at random: the right versions are consumed in the end."""

import os

import pytest

from pconfigs.artifacts.digest import content_digest
from pconfigs.artifacts.manifests import Manifests
from tests.runs.conftest import read, rows
from tests.runs.test_pipeline import PIPELINE

SEEDS = range(int(os.environ.get("PCONFIGS_KILLED_PIPELINES", "2")))
"""Some for every day; a hundred take a quarter of an hour."""
MOST = 8  # processes that are killed for one result
pytestmark = pytest.mark.slow
# Each process draws before which of its steps in the file system it is killed; some end earlier.
KILLER = """
import os, random, signal, sys

graves = os.environ.get("GRAVES", "")
if graves:
    dead = len(os.listdir(graves))
    process = os.path.basename(sys.argv[-1])
    random.seed(f"{os.path.basename(graves)} {dead} {process}")
    left = random.randrange(1, 120 if dead else 20)
    STEPS = ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "subprocess.Popen")

    def count(event, args):
        global left
        writes = event == "open" and args[2] & (os.O_WRONLY | os.O_RDWR)
        if writes or event in STEPS:
            left -= 1
            if left == 0 and dead < MOST:
                os.mkdir(f"{graves}/{os.getpid()}")
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
"""


@pytest.fixture
def chain(project):
    project.write("lab/chain.py", PIPELINE)
    project.write("sitecustomize.py", KILLER.replace("MOST", str(MOST)))
    return project


def run_until_done(chain, graves, *words):
    """Give the same command until it succeeds; return how many processes were killed."""
    graves.mkdir()
    path = f"{chain.folder}:{chain.environment()['PYTHONPATH']}"
    for _ in range(MOST + 1):
        done = chain.run(
            "--record", "--with-deps", "lab.chain.answer", *words,
            PYTHONPATH=path, GRAVES=str(graves), PYTHONDONTWRITEBYTECODE="1",
        )  # fmt: skip
        if done.code == 0:
            return len(list(graves.iterdir()))
    raise AssertionError(done.err)


def newest(chain, name):
    """Return the folder of the newest run of an experiment, which is done."""
    done = [run for run in chain.listed(f"chain.{name}") if run["state"] == "done"]
    return chain.store / done[0]["run"]


def check_lineage(chain, size):
    """Follow what the newest answer consumed to its source, and compare all on the way."""
    manifests = Manifests(chain.store / ".artifacts")
    answer = newest(chain, "answer")
    assert (answer / "log.txt").read_text().splitlines()[-1] == f"{size * 2} {size}"
    consumer = answer
    for name, producer in (("policy", "train"), ("tokens", "prepare")):
        (consumed,) = read(consumer / "consumed.json")["artifacts"]
        version = manifests.read(name, consumed["version"])
        assert content_digest(version.path) == version.digest == consumed["digest"]
        consumer = newest(chain, producer)
        assert consumed["producer"] == consumer.name
        assert consumed["ref"] in [row["ref"] for row in rows(consumer / "produced.jsonl")]
    assert version.metadata == {"pack_size": size}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_right_versions_are_consumed_whatever_is_killed(chain, tmp_path, seed):
    killed = run_until_done(chain, tmp_path / f"first-{seed}")
    check_lineage(chain, 4)
    killed += run_until_done(chain, tmp_path / f"second-{seed}", "policy.of.data.of.size=6")
    check_lineage(chain, 6)
    assert killed
    assert chain.runs("check").code == 0
    manifests = Manifests(chain.store / ".artifacts")
    for name in manifests.names():
        for number in manifests.versions(name):
            version = manifests.read(name, number)
            assert content_digest(version.path) == version.digest
        assert (chain.store / ".artifacts" / name / "latest").read_text() == number
