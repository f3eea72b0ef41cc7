"""Forked processes: what another thread of the parent has locked is free in them."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

import pytest

from pconfigs import pconfig
from pconfigs.deferred import thread_lock
from pconfigs.runs.masking import Masker
from pconfigs.runs.streams import LogFile, Streams
from pconfigs.schema import class_schema
from tests.engines.waiting import until

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="of POSIX"),
    # What Python 3.12 says about it.
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),
]


def code_of_child(work: Callable[[], object]) -> int:
    """Return the exit code of a forked process that does some work; one that hangs is killed."""
    number = os.fork()
    if not number:
        code = 1
        try:
            signal.alarm(20)
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])


@pytest.fixture
def elsewhere():
    """Return what does some work in another thread and stops halfway, until the test ends."""
    ended, threads = threading.Event(), []

    def start(work: Callable[[Callable[[], object]], object]) -> None:
        begun = threading.Event()

        def wait() -> None:
            begun.set()
            ended.wait()

        threads.append(threading.Thread(target=work, args=(wait,)))
        threads[-1].start()
        assert begun.wait(20)

    yield start
    ended.set()
    for thread in threads:
        thread.join()


def test_a_lock_of_another_thread_is_free(elsewhere):
    lock = thread_lock()

    def hold(wait: Callable[[], object]) -> None:
        with lock:
            wait()

    elsewhere(hold)
    assert not lock.acquire(blocking=False)
    assert code_of_child(lock.acquire) == 0


def test_a_class_is_used_for_the_first_time_while_another_is(elsewhere):
    @pconfig
    class Config:
        a: int

    def resolve(wait: Callable[[], object]) -> None:
        with class_schema._RESOLVING:
            wait()

    elsewhere(resolve)
    assert code_of_child(lambda: Config(a=1)) == 0


def test_a_child_prints_while_another_thread_does(elsewhere, tmp_path):
    class Log(LogFile):
        wait: Callable[[], object] = staticmethod(lambda: None)

        def write(self, text: str) -> None:
            super().write(text)
            wait, Log.wait = Log.wait, staticmethod(lambda: None)
            wait()

    log = Log(str(tmp_path / "log.txt"), Masker([]))
    streams = Streams(log, [])

    def talk(wait: Callable[[], object]) -> None:
        Log.wait = staticmethod(wait)
        print("parent")

    try:
        elsewhere(talk)
        assert code_of_child(lambda: print("child")) == 0
        until(lambda: "child" in (tmp_path / "log.txt").read_text())
    finally:
        streams.close()
        log.close()
