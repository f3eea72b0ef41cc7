"""Every command that writes, killed at each step of it: nothing half-written is read, and what is
left is cleared by the next, or by `runs clean`."""

from __future__ import annotations

import os
import re
import signal

import pytest

from tests.runs.writers import WRITERS, check_files, forget_what_was_written, writing_project

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
STEPS = 12
DRAFT = re.compile(r"\.tmp$|draft")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = writing_project(tmp_path_factory.mktemp("killed"))
    project.write("killed.py", KILLED)
    yield project
    project.end()


# A note and a mark are written by one call of the system.
@pytest.mark.parametrize("writer", sorted(WRITERS.keys() - {"note", "keep"}))
def test_a_writer_that_is_killed_leaves_nothing_half_written(writer, project):
    words = WRITERS[writer]
    forget_what_was_written(project)
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
