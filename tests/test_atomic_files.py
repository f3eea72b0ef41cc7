"""Files are written whole or not at all, over nothing but files, and leave no drafts."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from pconfigs import atomic_files


def listed(folder):
    return sorted(path.name for path in folder.iterdir())


posix = pytest.mark.skipif(os.name != "posix", reason="of POSIX")


@posix
@pytest.mark.parametrize("write", [atomic_files.replace_file, atomic_files.create_file])
def test_nothing_but_a_file_is_replaced(write, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "folder").mkdir()
    for name in ("fifo", "loop", "folder"):
        with pytest.raises(OSError) as caught:
            write(str(tmp_path / name), b"x")
        assert caught.value.filename == str(tmp_path / name)
    with pytest.raises(OSError):
        write("/dev/null", b"x")
    assert listed(tmp_path) == ["fifo", "folder", "loop"]
    assert (tmp_path / "fifo").is_fifo()


@posix
def test_a_link_to_a_file_is_followed(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "file")
    for content in (b"1", b"2"):
        atomic_files.replace_file(str(tmp_path / "link"), content)
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "file").read_bytes() == content


KILLED = """
import os, signal, sys
from pconfigs import atomic_files
atomic_files.os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
atomic_files.replace_file(sys.argv[1], b"half")
"""


@posix
def test_drafts_of_killed_writers_are_removed_by_the_next(tmp_path):
    path = str(tmp_path / "c.json")
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", KILLED, path], check=False)
        assert done.returncode == -signal.SIGKILL
    other = tmp_path / ".c.json.notes.tmp"
    other.write_text("not a draft")
    atomic_files.replace_file(path, b"whole")
    assert listed(tmp_path) == [".c.json.notes.tmp", "c.json"]


@posix
def test_a_draft_that_is_being_written_is_left_alone(tmp_path):
    path = str(tmp_path / "c.json")
    problems = []

    def write(number):
        try:
            for _ in range(40):
                atomic_files.replace_file(path, b"%d" % number * 5000)
        except OSError as error:
            problems.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 60
    while any(thread.is_alive() for thread in threads) and time.monotonic() < deadline:
        if (tmp_path / "c.json").exists():
            assert len((tmp_path / "c.json").read_bytes()) == 5000
    for thread in threads:
        thread.join()
    assert problems == []
    assert listed(tmp_path) == ["c.json"]


@posix
def test_the_umask_is_kept_and_never_changed(tmp_path, monkeypatch):
    def refuse(*_):
        raise AssertionError("the umask belongs to all threads")

    before = os.umask(0o027)
    try:
        monkeypatch.setattr(os, "umask", refuse)
        atomic_files.replace_file(str(tmp_path / "new"), b"")
        (tmp_path / "old").write_text("")
        (tmp_path / "old").chmod(0o604)
        atomic_files.replace_file(str(tmp_path / "old"), b"x")
    finally:
        monkeypatch.undo()
        os.umask(before)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "old").stat().st_mode & 0o777 == 0o604
