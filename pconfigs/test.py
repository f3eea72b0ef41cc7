"""`python -m pconfigs.test [PATH|TARGET…]`, `pytest --pyargs pconfigs.test`, and `ptest`."""

from __future__ import annotations

import sys

from pconfigs.cli.main import main_of
from pconfigs.cli.ptest import script as main

__all__ = ["main"]

pytest_plugins = ["pconfigs.testing.pytest"]


def test_experiments() -> None:
    """The place where pytest is given one test for each module of experiments."""


if __name__ == "__main__":
    sys.exit(main_of("test"))
