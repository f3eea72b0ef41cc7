"""The files of a new project: a package with a first experiment, its tests, and settings.

Everything in it runs as it is; users replace the example with their own system.
"""

from __future__ import annotations

_MODEL = '''\
"""An estimate of pi from random points: replace it with your own system."""

from __future__ import annotations

import random

from pconfigs import PConfig, pconfig, pconfiged, pdefaults, pproperty, psmoke


@pconfiged(runnable=True)
class PiEstimator:
    """Counts how many random points of the unit square are in the circle."""

    config: PiConfig

    def __init__(self) -> None:
        self.random = random.Random(self.config.seed)

    def estimate(self) -> float:
        """Return the estimate from all points."""
        hits = sum(self.is_hit() for _ in range(self.config.points))
        return 4 * hits / self.config.points

    def is_hit(self) -> bool:
        """Return whether the next random point is in the circle."""
        return self.random.random() ** 2 + self.random.random() ** 2 < 1

    def main(self, *args: object, **kwargs: object) -> None:
        """Print the estimate; `python -m pconfigs.run` calls this."""
        print(f"pi is about {self.estimate():.4f}, from {self.config.points} points")


@pconfig
class PiConfig(PConfig[PiEstimator]):
    """How many points, and which."""

    batches: int
    """Batches of points."""
    batch_size: int
    """Points of one batch."""
    seed: int
    """Seed of the random points."""

    @pproperty
    def points(self) -> int:
        """Points in all: follows from the fields above, and cannot be set."""
        return self.batches * self.batch_size


pdefaults += PiConfig(batches=10, batch_size=1000, seed=0)

psmoke(PiConfig, batches=1)
'''

_FIRST = '''\
"""The first experiment: the default with another seed."""

from {name}.estimator import PiConfig

config = PiConfig(seed=1)
'''

_FINER = '''\
"""Ten times the points of the first experiment."""

from {name}.estimator import PiConfig
from {name}.experiments.first import config as first

config = PiConfig(first, batches=10 * first.batches)
'''

_TEST = '''\
"""The estimator, and what its config computes."""

from {name}.estimator import PiConfig
from {name}.experiments.first import config as first


def test_points_follow_from_batches() -> None:
    assert PiConfig(batches=2, batch_size=3).points == 6


def test_estimate_is_near_pi() -> None:
    assert abs(first.construct().estimate() - 3.14) < 0.1
'''

_SETTINGS = """\
[project]
name = "{name}"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["pconfigs"]

[tool.pytest.ini_options]
testpaths = ["tests"]
pythonpath = ["."]
pconfigs_paths = ["{name}"]  # pytest tests the experiments, too

[tool.mypy]
plugins = ["pconfigs.mypy"]

[tool.pyright]
pythonVersion = "3.13"  # from 3.13 on, pyright knows the keywords of a config
"""

_IGNORED = "__pycache__/\n*.egg-info/\n.venv/\nruns/\n"


def project_files(name: str) -> dict[str, str]:
    """Return the text of each file of a new project, by its path in the project.

    Args:
        name: The name of its package, an identifier.
    """
    files = {
        "pyproject.toml": _SETTINGS,
        ".gitignore": _IGNORED,
        f"{name}/__init__.py": "",
        f"{name}/estimator.py": _MODEL,
        f"{name}/experiments/__init__.py": "",
        f"{name}/experiments/__pconfigs__.py": "",
        f"{name}/experiments/first.py": _FIRST,
        f"{name}/experiments/finer.py": _FINER,
        "tests/test_estimator.py": _TEST,
    }
    return {path: text.replace("{name}", name) for path, text in files.items()}
