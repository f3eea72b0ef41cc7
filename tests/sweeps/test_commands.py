"""Sweeps as targets of commands: list, print, diff, test with golden files and small runs."""

import pytest

from tests.launchers.lab import Lab

RATES = '''
"""Rates."""
from pconfigs import psweep
from lab.rates import config

sweep = psweep(config, grid={"rate": [0.1, 0.2], "seed": range(2)})
"""Which rate."""
longer = psweep(sweep, grid={"steps": [3, 4]})
'''


@pytest.fixture
def lab(tmp_path):
    """Return a project with sweeps in a folder of experiments that are tested."""
    made = Lab(tmp_path)
    folder = tmp_path / "trials"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "__pconfigs__.py").write_text("")
    (folder / "rates.py").write_text(RATES)
    return made


def test_sweeps_are_listed_with_what_they_vary(lab):
    assert lab.run("list", "trials").stdout.splitlines() == [
        "trials.rates.longer  sweep of TrainerConfig",
        "    based on trials.rates.sweep",
        "    Rates.",
        "trials.rates.sweep   sweep of TrainerConfig",
        "    based on lab.rates.config",
        "    Which rate.",
    ]
    tree = lab.run("list", "trials", "--tree").stdout
    assert "trials.rates.sweep  (from lab.rates.config)  rate, seed" in tree


def test_points_and_whole_sweeps_are_printed(lab):
    whole = lab.run("print", "trials.rates.sweep", "--flat").stdout
    assert "[3].rate = 0.2" in whole.splitlines()
    one = lab.run("print", "trials.rates.sweep[3]", "--flat").stdout
    assert "rate = 0.2" in one.splitlines()
    assert lab.run("print", "trials.rates.sweep").stdout.count("TrainerConfig(") == 4


def test_points_and_whole_sweeps_are_compared(lab):
    done = lab.run("diff", "trials.rates.sweep[0]", "trials.rates.sweep[3]", "--json")
    assert done.returncode == 1
    assert '"rate"' in done.stdout
    done = lab.run("diff", "trials.rates.sweep", "trials.rates.longer", "--stat")
    assert done.returncode == 1
    assert lab.run("diff", "trials.rates.sweep", "trials.rates.sweep").returncode == 0


def test_the_golden_file_of_a_sweep_has_what_differs_from_its_first_point(lab):
    assert lab.run("test", "trials", "--update-golden").returncode == 0
    golden = (lab.folder / "trials" / "rates.sweep.golden").read_text().splitlines()
    assert golden == [
        '[0].end = "0"', '[0].notes = "."', "[0].pause = 0.0", "[0].rate = 0.1", "[0].seed = 0",
        "[0].steps = 2", "[1].seed = 1", "[2].rate = 0.2", "[3].rate = 0.2", "[3].seed = 1",
    ]  # fmt: skip
    assert lab.run("test", "trials", "--golden").returncode == 0
    file = lab.folder / "trials" / "rates.py"
    file.write_text(file.read_text().replace("0.2", "0.3"))
    done = lab.run("test", "trials", "--golden")
    assert done.returncode == 1
    assert "[2].rate  0.2 -> 0.3  trials/rates.py:" in done.stdout + done.stderr


def test_small_points_of_a_sweep_run_once_each(lab):
    with (lab.folder / "lab" / "model.py").open("a") as file:
        file.write("\nfrom pconfigs import psmoke\npsmoke(TrainerConfig, steps=1, rate=0.5)\n")
    done = lab.run("test", "trials", "--smoke")
    assert done.returncode == 0, done.stdout + done.stderr
    # Both sweeps are two seeds once steps and rate are small.
    assert lab.ended() == [0, 0, 1, 1]


def test_without_small_values_one_point_of_a_sweep_is_run(lab):
    done = lab.run("test", "trials", "--smoke")
    assert done.returncode == 0, done.stdout + done.stderr
    assert lab.ended() == [0, 0]
