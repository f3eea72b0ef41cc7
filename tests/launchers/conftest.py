"""Projects for launches."""

import pytest

from tests.launchers.lab import Lab


@pytest.fixture
def lab(tmp_path):
    """Return a project with sweeps."""
    made = Lab(tmp_path)
    yield made
    made.close()
