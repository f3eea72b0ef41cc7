"""Bounds on memory and time: a hostile file that is not refused fails a test, not the machine."""

import signal
import sys
from collections.abc import Generator
from pathlib import Path
from types import FrameType

import pytest

MEMORY = 2 << 30  # bytes beyond what the process has when a test begins
SECONDS = 120


def _too_slow(number: int, frame: FrameType | None) -> None:
    raise TimeoutError(f"the test took longer than {SECONDS} s")


if sys.platform == "linux":
    import resource

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call() -> Generator[None]:
        pages = Path("/proc/self/statm").read_text("ascii").split()[0]
        used = int(pages) * resource.getpagesize()
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        before = signal.signal(signal.SIGALRM, _too_slow)
        resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, hard))
        signal.alarm(SECONDS)
        try:
            return (yield)
        finally:
            signal.alarm(0)
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
            signal.signal(signal.SIGALRM, before)
