"""Every command that writes, where the system refuses: nothing is half-written, and it is named."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

import pytest

from tests.runs.writers import ANEW, WRITERS, check_files, forget_what_was_written, writing_project

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="of POSIX"),
]
# As on a full disk, nothing more can be written to files; this needs no disk of its own.
LIMITED = """
import resource, runpy, sys
size = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
module, *sys.argv[1:] = sys.argv[2:]
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""
# As on a full disk, the process cannot make, rename or flush a file for the nth time.
FULL = """
import errno, os, runpy, sys
left = int(sys.argv[1])


def full(function, applies=lambda *args: True):
    def call(*args, **kwargs):
        global left
        if left > 0:
            left -= applies(*args)
            if not left:
                left = -1
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return function(*args, **kwargs)

    return call


for name in ("replace", "rename", "link", "fsync", "mkdir"):
    setattr(os, name, full(getattr(os, name)))
os.open = full(os.open, lambda path, flags, *more: bool(flags & os.O_CREAT))
os.write = full(os.write, lambda number, *more: number > 2)
module, *sys.argv[1:] = sys.argv[2:]
try:
    runpy.run_module(module, run_name="__main__", alter_sys=True)
finally:
    print("writes left:", left, file=sys.stderr)
"""
# The superuser may write to everything, but for what makes it so.
UNPRIVILEGED = """
import ctypes, os, sys
for capability in (1, 2, 3):  # DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER
    ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)
os.execv(sys.executable, [sys.executable, "-m", *sys.argv[1:]])
"""
STEPS = 30
NAMED = ("File too large", "No usable temporary directory")
REFUSED = re.compile(r"(\S+)(?: cannot be written)?: File too large")
# What says so by itself, or has written what fits.
SILENT = {*ANEW, "keep"}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = writing_project(tmp_path_factory.mktemp("refused"))
    for name, text in (("limited", LIMITED), ("full", FULL), ("unprivileged", UNPRIVILEGED)):
        project.write(f"{name}.py", text)
    yield project
    project.end()


@pytest.mark.parametrize("writer", WRITERS)
def test_a_disk_that_takes_nothing_more_is_named(writer, project):
    for size in (0, 100):
        forget_what_was_written(project)
        done = project.python("limited.py", str(size), *WRITERS[writer])
        check_files(project)
        if writer in SILENT:
            assert done.code == 0
        elif size == 0:
            assert done.code in (1, 2), done.err
            assert any(words in done.out + done.err for words in NAMED), done.err
        if not WRITERS[writer][0].startswith("lab."):
            assert "Traceback" not in done.err
            for name in REFUSED.findall(done.out + done.err):
                assert Path(name).suffix, done.out + done.err
    assert project.python("-m", *WRITERS[writer]).code == 0


@pytest.mark.parametrize("writer", WRITERS)
def test_a_disk_that_is_full_at_any_step_leaves_nothing_half_written(writer, project):
    forget_what_was_written(project)
    for step in range(1, STEPS):
        done = project.python("full.py", str(step), *WRITERS[writer])
        check_files(project)
        if "writes left: -1" not in done.err:
            break
    assert step > 1 or writer == "keep", done.err
    assert project.python("-m", *WRITERS[writer]).code == 0
    assert project.runs("--json").code == 0


def content_of(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (
            path.lstat().st_mode, path.read_bytes() if path.is_file() else b"",
        )
        for path in folder.rglob("*")
    }  # fmt: skip


@pytest.fixture(scope="module")
def read_only(tmp_path_factory):
    """A project in which everything may be read, and nothing written, also by the superuser."""
    project = writing_project(tmp_path_factory.mktemp("read_only"))
    project.write("unprivileged.py", UNPRIVILEGED)
    paths = [project.folder, *project.folder.rglob("*")]
    for path in paths:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    yield project
    for path in paths:
        path.chmod(path.stat().st_mode | stat.S_IWUSR)
    project.end()


@pytest.mark.parametrize("writer", [*WRITERS, "init"])
def test_a_folder_that_may_not_be_written_to_is_named_and_left_as_it_is(writer, read_only):
    before = content_of(read_only.folder)
    words = WRITERS.get(writer, ["pconfigs.init", "new"])
    done = read_only.python(
        "unprivileged.py", *words, PYTHONDONTWRITEBYTECODE="1", XDG_CACHE_HOME="cache"
    )
    assert content_of(read_only.folder) == before
    if writer in ANEW:
        assert done.code == 0, done.err
        return
    assert done.code in (1, 2), (done.out, done.err)
    assert "Permission denied" in done.out + done.err
    if not words[0].startswith("lab."):
        assert "Traceback" not in done.err
