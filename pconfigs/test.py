"""`python -m pconfigs.test [PATH|TARGET…]`, `pytest --pyargs pconfigs.test`, and `ptest`."""

from __future__ import annotations

import sys

from pconfigs.cli.main import main_of
from pconfigs.cli.ptest import script as main

__all__ = ["main"]

pytest_plugins = ["pconfigs.testing.pytest"]


def test_experiments() -> None:
    """Represent the tests in pytest, which the plugin replaces by one for each module."""


if __name__ == "__main__":
    sys.exit(main_of("test"))
