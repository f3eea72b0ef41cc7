"""What generators were seeded with is recorded where it can be known."""

import sys
from types import ModuleType

import pytest

from pconfigs.runs.capture.seeding import Seeds
from tests.runs.conftest import read

SEEDING = """
import random
import numpy as np
random.seed(self.config.seed + 1)
random.Random(99)
for seed in (10, 11):
    np.random.seed(seed)
np.random.default_rng()
for seed in (3, 4, 3):
    np.random.default_rng(seed=np.int64(seed))
assert [random.random(), np.random.rand()] == [random_of(8), numpy_of(11)]
"""
HELPERS = """
def random_of(seed):
    import random
    return random.Random(seed).random()
def numpy_of(seed):
    import numpy
    return numpy.random.RandomState(seed).rand()
"""


def test_seeds_of_random_and_numpy_are_recorded(project):
    """They are seen while the program runs, which is not possible before Python 3.12."""
    target = project.experiment("seeds", body=SEEDING)
    with (project.folder / "lab/seeds.py").open("a") as file:
        file.write(HELPERS)
    done = project.run("--record", target)
    assert done.code == 0, done.err
    seeds = read(project.only_run() / "attempts/1.json")["seeds"]
    seen = {"random": 8, "numpy": 11, "numpy.random.default_rng": [3, 4]}
    assert seeds == (seen if sys.version_info >= (3, 12) else {})


def test_a_block_is_watched_in_the_function_around_it_and_no_longer(project):
    script = """
        import sys
        import numpy
        from pconfigs import prun
        from lab.first import config
        def main():
            with prun.record(config):
                numpy.random.seed(3)
        main()
        if sys.version_info >= (3, 12):
            sys.monitoring.use_tool_id(4, "test")  # it is free again
            assert not sys.monitoring.get_local_events(4, main.__code__)
    """
    project.write("block.py", script)
    done = project.python("block.py")
    assert done.code == 0, done.err
    seeds = read(project.only_run() / "attempts/1.json")["seeds"]
    assert seeds == ({"numpy": 3} if sys.version_info >= (3, 12) else {})


def test_torch_that_is_not_complete_is_left_out(monkeypatch):
    torch = ModuleType("torch")
    monkeypatch.setitem(sys.modules, "torch", torch)
    assert Seeds().at_end() == {}
    torch.initial_seed = lambda: 7
    assert Seeds().at_end() == {"torch": 7}


@pytest.mark.parametrize("count", [3, 40])
def test_the_first_seeds_of_many_generators_are_kept(monkeypatch, count):
    numpy = ModuleType("numpy.random")
    numpy.default_rng = object()
    monkeypatch.setitem(sys.modules, "numpy.random", numpy)
    seeds = Seeds()
    for seed in range(count):
        assert seeds.note_call(numpy.default_rng, seed)
    assert seeds.at_end()["numpy.random.default_rng"] == list(range(min(count, 16)))
