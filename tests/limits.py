"""Limits of time and memory for inputs that may be hostile."""

import contextlib
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

try:
    import resource
except ImportError:  # Windows, WebAssembly
    resource = None


class LimitExceeded(BaseException):
    """Raised in the middle of work that takes too long; not an Exception, which code may catch."""


@contextlib.contextmanager
def limits(seconds: float = 5.0, megabytes: int = 600) -> Iterator[None]:
    """Fail where the work inside takes longer, or more memory in addition to what is in use.

    What counts is the time of the processor, so that other work on the machine does not matter;
    waiting may take twenty times as long.
    """

    if resource is None:
        pytest.skip("this platform limits no memory")

    def stop(number: int, frame: object) -> None:
        raise LimitExceeded(f"still running after {seconds} s")

    before = {number: signal.signal(number, stop) for number in (signal.SIGALRM, signal.SIGPROF)}
    old = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + megabytes * 2**20, old[1]))
    start = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, 20 * seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
        resource.setrlimit(resource.RLIMIT_AS, old)
    # C code is not interrupted.
    assert time.process_time() - start < 2 * seconds


@contextlib.contextmanager
def usual_depth() -> Iterator[None]:
    """Set the limit of recursion that Python starts with; tools that tests use raise it."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
