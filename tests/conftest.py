"""What holds for all tests."""

import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# No test depends on how fast the machine is.
settings.register_profile("pconfigs", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("pconfigs")


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Undo what a shell does for background jobs: they start with interrupts ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
