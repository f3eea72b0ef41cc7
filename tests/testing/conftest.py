"""The small projects of tests/cli, with folders of experiments."""

import pytest

from tests.cli.conftest import lab

__all__ = ["experiments", "lab"]


@pytest.fixture
def experiments(lab):
    """A lab whose `lab/experiments` holds experiments: `good` with one, `variant` based on it."""
    lab.write("lab/experiments/__pconfigs__.py", "")
    lab.write(
        "lab/experiments/good.py",
        "from lab.parts import GreeterConfig\n\nconfig = GreeterConfig(greeting='hi')\n",
    )
    lab.write(
        "lab/experiments/variant.py",
        "from lab.experiments.good import config as good\n"
        "from lab.parts import GreeterConfig\n\n"
        "config = GreeterConfig(good, result=0)\n",
    )
    return lab
