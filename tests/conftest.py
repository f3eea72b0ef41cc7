"""What holds for all tests."""

import signal
import sys
from collections.abc import Generator, Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.builders import models, way

__all__ = ["models", "way"]

# No test depends on how fast the machine is.
settings.register_profile("pconfigs", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("pconfigs")

WITHOUT = ("does not support processes", "can't start new thread", "PyYAML")

if sys.platform == "emscripten":

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call() -> Generator[None]:
        """Skip what asks for a process, a thread or a package of C: WebAssembly has none."""
        from pconfigs.errors import MissingExtraError

        try:
            return (yield)
        except (OSError, RuntimeError, MissingExtraError) as error:
            if not any(words in str(error) for words in WITHOUT):
                raise
            pytest.skip(str(error))


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Undo what a shell does for background jobs: they start with interrupts ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
