"""Streams of a recorded program behave as without recording, and their text is in the log."""

import io
import logging
import os
import sys

import pytest

from pconfigs.runs.masking import Masker
from pconfigs.runs.streams import LogFile, Streams


@pytest.fixture
def log(tmp_path, monkeypatch):
    """Replace stdout and stderr by files, and return a function that records a block."""

    def record(block, secrets=(), before=lambda: None):
        # Not before: pytest exchanges the streams between its phases.
        for name in ("stdout", "stderr"):
            if not isinstance(getattr(sys, name), Slotted):
                stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", line_buffering=True)
                monkeypatch.setattr(sys, name, stream)
        before()
        file = LogFile(str(tmp_path / "log.txt"), Masker(secrets))
        streams = Streams(file)
        try:
            block()
        finally:
            streams.close()
            file.close()
        return (tmp_path / "log.txt").read_text(encoding="utf-8")

    return record


def shown(stream):
    stream.flush()
    return stream.buffer.getvalue().decode()


def test_streams_stay_the_same_objects(log):
    def block():
        assert isinstance(sys.stdout, io.TextIOWrapper)
        print("out")
        print("err", file=sys.stderr)

    assert log(block) == "out\nerr\n"
    assert "write" not in vars(sys.stdout)
    print("later")
    assert shown(sys.stdout) == "out\nlater\n"


def test_handlers_made_before_and_lines_in_pieces_are_kept(log):
    logger = logging.getLogger("pconfigs.tests.streams")
    logger.propagate = False

    def before():
        logger.handlers = [logging.StreamHandler()]

    def block():
        print("a", end="")
        logger.warning("warned")
        print("b")
        sys.stdout.writelines(["c\n", "d\n"])
        sys.stdout.write("no end")

    assert log(block, before=before) == "warned\nab\nc\nd\nno end\n"


def test_a_progress_bar_leaves_its_last_state(log):
    def block():
        for percent in range(0, 101, 10):
            sys.stderr.write(f"\r{percent}%|{'#' * (percent // 10):10}|")
        sys.stderr.write("\n")
        print("done")

    assert log(block) == "100%|##########|\ndone\n"
    assert shown(sys.stderr).count("\r") == 11


def test_what_a_stream_refuses_is_not_kept(log):
    def block():
        with pytest.raises(TypeError):
            sys.stdout.write(3)
        print("kept")

    assert log(block) == "kept\n"


def test_secrets_are_masked_also_in_pieces_and_over_lines(log):
    def block():
        print("one hunter2-", end="")
        print("hunter2 two")
        print("BEGIN\nfirst-line-of-key\nsecond-line-of-key\nEND")

    secrets = ["hunter2-hunter2", "first-line-of-key\nsecond-line-of-key", "short"]
    assert log(block, secrets) == "one *** two\nBEGIN\n***\nEND\n"
    assert "hunter2-hunter2" in shown(sys.stdout)


def test_a_write_that_another_library_shadowed_is_left_to_it(log):
    def block():
        stream = sys.stdout
        before = stream.write
        stream.write = lambda text: before(text.upper())
        print("loud")

    assert log(block) == "LOUD\n"
    assert "write" in vars(sys.stdout)


class Slotted:
    __slots__ = ("texts",)

    def __init__(self):
        self.texts = []

    def write(self, text):
        self.texts.append(text)
        return len(text)

    def flush(self):
        pass


def test_streams_that_cannot_be_shadowed_are_left_alone(log, monkeypatch):
    monkeypatch.setattr(sys, "stdout", Slotted())

    def block():
        print("not kept")
        print("kept", file=sys.stderr)

    assert log(block) == "kept\n"
    assert sys.stdout.texts == ["not kept", "\n"]


TERMINAL = """
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
out = b""
try:
    while piece := os.read(terminal, 1 << 12):
        out += piece
except OSError:
    pass
_, status = os.waitpid(pid, 0)
sys.stdout.write(out.decode().replace("\\r\\n", "\\n"))
sys.exit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="has no pseudo terminals")
def test_a_terminal_stays_one(project):
    body = """
    import faulthandler
    faulthandler.enable()
    print("terminals", sys.stdin.isatty(), sys.stdout.isatty(), sys.stderr.isatty())
    print("encoding", sys.stdout.encoding, sys.stdout.fileno())
    """
    target = project.experiment("terminal", "steps=0", body=body)
    done = project.python("-c", TERMINAL, "-m", "pconfigs.run", "--record", target)
    assert done.code == 0, done.out
    assert "terminals True True True\n" in done.out
    assert "encoding utf-8 1" in done.out
    log = (project.only_run() / "log.txt").read_text()
    assert log.startswith("terminals True True True\n")


def test_a_debugger_works_in_a_recorded_run(project):
    body = """
    import pdb
    value = 41
    pdb.set_trace()
    print("after", value)
    """
    target = project.experiment("debugs", "steps=0", body=body)
    process = project.popen("-m", "pconfigs.run", "--record", target, stdin=True)
    out, _ = process.communicate("value + 1\nvalue = 5\ncontinue\n", timeout=60)
    assert "(Pdb) 42\n" in out
    assert "after 5\n" in out
    assert "after 5\n" in (project.only_run() / "log.txt").read_text()
