"""Every command that writes, killed at each step of it: nothing half-written is read, and what is
left is cleared by the next, or by `runs clean`."""

from __future__ import annotations

import json
import os
import re
import signal

import pytest

from tests.runs.conftest import Project

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="kills processes"),
]
# The process is killed when it is about to make, rename or flush a file for the nth time.
KILLED = """
import os, runpy, signal, sys
left = int(sys.argv[1])


def dying(function):
    def call(*args, **kwargs):
        global left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)

    return call


for name in ("replace", "rename", "link", "fsync"):
    setattr(os, name, dying(getattr(os, name)))
module, *sys.argv[1:] = sys.argv[2:]
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""
SAVER = """
from pconfigs import psave
from lab.first import config
psave(config, "saved.json")
"""
MAKER = """
file = prun.dir / "out.txt"
file.write_text("x")
prun.log_artifact("weights", file, copy=True)
"""
WRITERS = {
    "psave": ["lab.saver"],
    "derive": ["pconfigs.derive", "lab.first", "steps=9", "-o", "lab/second.py", "--force"],
    "freeze": ["pconfigs.freeze", "lab.first", "-o", "lab/frozen.py", "--force"],
    "graph": ["pconfigs.graph", "lab.first", "-o", "picture.html", "--force"],
    "golden": ["pconfigs.test", "lab", "--update-golden"],
    "reads": ["pconfigs.run", "--record-reads", "reads.json", "lab.first"],
    "agents": ["pconfigs.agents", "install", "."],
    "adopt": ["pconfigs.adopt", "source.yaml", "-o", "made", "--force"],
    "record": ["pconfigs.run", "--record", "lab.first"],
    "artifact": ["pconfigs.run", "--record", "lab.maker"],
    "table": ["pconfigs.runs", "table", "-o", "table.csv"],
    "page": ["pconfigs.runs", "page", "-o", "page.html"],
}
STEPS = 12
DRAFT = re.compile(r"\.tmp$|draft")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = Project(tmp_path_factory.mktemp("killed"))
    project.write("killed.py", KILLED)
    project.write("lab/saver.py", SAVER)
    project.write("lab/__pconfigs__.py", "")
    project.write("source.yaml", "a: 1\nb: {c: 2}\n")
    project.experiment("maker", body=MAKER)
    assert project.run("--record", "lab.first").code == 0
    yield project
    project.end()


def check_files(project: Project) -> None:
    """Fail where a file of the project is half-written."""
    for file in project.folder.rglob("*.json"):
        json.loads(file.read_text())
    for file in project.folder.rglob("*.py"):
        compile(file.read_bytes(), file, "exec")
    for name, last in (("picture.html", "</html>"), ("page.html", "</html>"), ("table.csv", "")):
        if (project.folder / name).exists():
            assert (project.folder / name).read_text().rstrip().endswith(last)


@pytest.mark.parametrize("writer", WRITERS)
def test_a_writer_that_is_killed_leaves_nothing_half_written(writer, project):
    words = WRITERS[writer]
    for step in range(1, STEPS):
        done = project.python("killed.py", str(step), *words)
        check_files(project)
        assert project.runs("--json").code == 0
        if done.code != -signal.SIGKILL:
            break
    assert step > 1, done.err
    assert project.python("-m", *words).code == 0
    check_files(project)
    for path in project.store.rglob("*"):
        os.utime(path, (1, 1))  # what is a day old is cleared
    assert project.runs("clean", "--older", "99999d", "--yes").code == 0
    left = [path for path in project.folder.rglob("*") if DRAFT.search(path.name)]
    assert left == []
