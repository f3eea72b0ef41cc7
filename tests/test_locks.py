"""Scratch folders go with their process; those of killed ones with the next that makes one."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest

from pconfigs.locks import PREFIX, ScratchFolder
from tests.runs.conftest import Project

pytestmark = pytest.mark.skipif(os.name != "posix", reason="locks folders")
HOLDER = """
import os, sys
from pconfigs.locks import ScratchFolder
scratch = ScratchFolder()
with open(os.path.join(scratch.path, "file"), "w") as file:
    file.write("x")
print(scratch.path, flush=True)
sys.stdin.read()
"""
MANY = """
import os
from pconfigs.locks import ScratchFolder
for _ in range(60):
    with ScratchFolder() as scratch:
        open(os.path.join(scratch.path, "file"), "w").close()
"""


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The system's folder of temporary files, for this test alone."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield folder
    tempfile.tempdir = None


def started(code: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=Path(__file__).parents[1],
    )


def test_a_folder_goes_with_its_use(temporary):
    with ScratchFolder() as scratch:
        (Path(scratch.path) / "inside").mkdir()
        assert Path(scratch.path).stat().st_mode & 0o777 == 0o700
    assert list(temporary.iterdir()) == []


def test_what_a_killed_process_has_left_is_removed_and_what_is_in_use_is_kept(temporary):
    killed, living = started(HOLDER), started(HOLDER)
    try:
        left, used = (Path(one.stdout.readline().strip()) for one in (killed, living))
        killed.kill()
        killed.communicate()
        assert (left / "file").exists()
        with ScratchFolder():
            assert not left.exists()
            assert (used / "file").read_text() == "x"
    finally:
        for one in (killed, living):
            one.kill()
            one.communicate()


def test_links_and_files_are_left_alone(temporary):
    target = temporary / "target"
    target.mkdir()
    (temporary / f"{PREFIX}link").symlink_to(target)
    (temporary / f"{PREFIX}file").write_text("")
    (temporary / f"{PREFIX}old").mkdir()
    with ScratchFolder():
        pass
    names = {path.name for path in temporary.iterdir()}
    assert names == {"target", f"{PREFIX}link", f"{PREFIX}file"}


def test_a_forked_process_leaves_the_folder_to_its_parent(temporary):
    scratch = ScratchFolder()
    child = os.fork()
    if not child:
        scratch.remove()
        os._exit(0)
    os.waitpid(child, 0)
    assert Path(scratch.path).is_dir()
    scratch.remove()


def test_many_processes_make_and_remove_folders_at_once(temporary):
    processes = [started(MANY) for _ in range(4)]
    for one in processes:
        one.communicate()
    assert [one.returncode for one in processes] == [0] * 4
    assert list(temporary.iterdir()) == []


@pytest.mark.slow
def test_the_text_of_a_script_whose_runner_was_killed_is_removed_by_the_next(tmp_path, temporary):
    project = Project(tmp_path / "project")
    code = """
    from pconfigs import ScriptConfig
    config = ScriptConfig(inline="echo started; exec sleep 600")
    short = ScriptConfig(inline="exit 0")
    """
    project.write("lab/script.py", textwrap.dedent(code))
    running = project.popen("-m", "pconfigs.run", "lab.script")
    assert running.stdout.readline() == "started\n"
    assert [path.name.startswith(PREFIX) for path in temporary.iterdir()] == [True]
    running.kill()
    running.communicate()
    assert len(list(temporary.iterdir())) == 1
    assert project.run("lab.script.short").code == 0
    assert list(temporary.iterdir()) == []
    project.end()
