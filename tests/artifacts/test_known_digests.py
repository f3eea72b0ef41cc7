"""Known digests: a large file is read once, and again after any write to it."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from pconfigs.artifacts import known_digests
from pconfigs.artifacts.digest import content_digest


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A large file that was written an hour ago, by the clock that is asked."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(known_digests, "SMALLEST", 4)
    monkeypatch.setattr(known_digests.time, "time", lambda now=time.time: now() + 3600)
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "large").write_bytes(b"large")
    (folder / "tiny").write_bytes(b"x")
    return folder


@pytest.fixture
def read(monkeypatch):
    """The names of files whose content was read."""
    from pconfigs.artifacts import digest

    names = []
    inner = digest._stream_digest

    def noted(file):
        names.append(Path(file.name).name)
        return inner(file)

    monkeypatch.setattr(digest, "_stream_digest", noted)
    return names


def test_a_large_file_is_read_once_and_a_small_one_whenever_it_is_asked_for(data, read):
    assert content_digest(data) == content_digest(data)
    assert sorted(read) == ["large", "tiny", "tiny"]


def test_a_write_that_restores_size_and_time_is_seen(data, read):
    before = content_digest(data)
    facts = (data / "large").stat()
    (data / "large").write_bytes(b"LARGE")
    os.utime(data / "large", ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert (data / "large").stat().st_mtime_ns == facts.st_mtime_ns
    assert content_digest(data) != before


def test_a_file_in_the_place_of_another_is_read(data, read):
    before = content_digest(data)
    facts = (data / "large").stat()
    (data / "other").write_bytes(b"LARGE")
    os.utime(data / "other", ns=(facts.st_atime_ns, facts.st_mtime_ns))
    (data / "other").replace(data / "large")
    assert content_digest(data) != before


def test_a_file_that_was_just_written_is_not_noted(data, read, monkeypatch):
    monkeypatch.setattr(known_digests.time, "time", lambda: (data / "large").stat().st_ctime + 1)
    content_digest(data / "large")
    content_digest(data / "large")
    assert read == ["large", "large"]


def test_a_file_that_changes_while_it_is_read_is_not_noted(data, monkeypatch, tmp_path):
    from pconfigs.artifacts import digest

    def read(file):
        (data / "large").write_bytes(b"other")
        return "0" * 64

    with monkeypatch.context() as patched:
        patched.setattr(digest, "_stream_digest", read)
        content_digest(data / "large")
    assert not (tmp_path / "cache").exists()


@given(st.integers(0, 400), st.integers(0, 400), st.binary(max_size=8))
def test_a_damaged_list_gives_the_right_digest_or_none(start, end, noise):
    lines = [known_digests._line(f"1 {n} 5 6 7", f"{n}" * 64) for n in (1, 2, 3)]
    text = "".join(lines)
    torn = text[:start] + noise.decode("ascii", "replace") + text[end:]
    for n in (1, 2, 3):
        assert known_digests._find(text, f"1 {n} 5 6 7") == f"{n}" * 64
        assert known_digests._find(torn, f"1 {n} 5 6 7") in ("", f"{n}" * 64)


def test_the_list_does_not_grow_for_ever(data, monkeypatch, tmp_path):
    monkeypatch.setattr(known_digests, "LARGEST", 400)
    for number in range(20):
        (data / f"large{number}").write_bytes(b"large")
    content_digest(data)
    held = (tmp_path / "cache" / "pconfigs" / "digests").read_text()
    assert 0 < len(held) < 700
    assert all(known_digests._find(held, line.rsplit(" ", 2)[0]) for line in held.splitlines())


def test_a_cache_that_cannot_be_written_is_done_without(data, tmp_path):
    (tmp_path / "cache").write_text("a file is in the way")
    assert content_digest(data) == content_digest(data)
