"""Options of a call that launches runs: each of them counts, or is refused."""

import json

import pytest

pytestmark = pytest.mark.slow  # each starts several processes

TAGGED = '''
"""An experiment with an option and arguments of its own."""
from pconfigs import PConfig, pconfig, pconfiged, pdefaults

@pconfiged(runnable=True)
class Tagged:
    config: "TaggedConfig"

    @classmethod
    def make_argparser_args(cls, parser):
        parser.add_argument("--tag", default="none")

    def main(self, args, others):
        print(self.config.seed, args.tag, others)

@pconfig(constructs=Tagged)
class TaggedConfig(PConfig[Tagged]):
    seed: int

pdefaults += TaggedConfig(seed=0)
config = TaggedConfig()
'''


@pytest.fixture
def tagged(lab):
    (lab.folder / "lab" / "tagged.py").write_text(TAGGED)
    return lab


def logs(lab):
    return sorted((folder / "log.txt").read_text() for folder in lab.folders())


def facts(lab):
    return [json.loads((folder / "run.json").read_text()) for folder in lab.folders()]


def test_options_of_the_class_reach_a_launched_run(tagged):
    done = tagged.run("run", "lab.tagged", "--slots", "1", "--tag", "a", "--", "x")
    assert done.returncode == 0, done.stderr
    assert logs(tagged) == ["0 a ['x']\n"]
    assert facts(tagged)[0]["options"] == ["--tag", "a"]


def test_options_of_the_class_reach_all_points_of_a_quick_sweep(tagged):
    done = tagged.run("run", "lab.tagged", "--sweep", "seed=1,2", "--tag", "a", "--", "x")
    assert done.returncode == 0, done.stderr
    assert logs(tagged) == ["1 a ['x']\n", "2 a ['x']\n"]


@pytest.mark.parametrize("target", ["lab.rates.config", "lab.rates.listed"])
def test_a_tracker_is_noted_for_launched_runs(lab, target):
    (lab.folder / "tensorboard.py").write_text("")  # the package is looked for, and not imported
    wrong = lab.run("run", "--tracker", "tensorbord", "--slots", "2", target)
    assert wrong.returncode == 2
    assert "did you mean 'tensorboard'?" in wrong.stderr
    assert not (lab.folder / "runs").exists() or not lab.folders()
    done = lab.run("run", "--tracker", "tensorboard", "--slots", "2", target)
    assert done.returncode == 0, done.stderr
    assert all(one["trackers"] == ["tensorboard"] for one in facts(lab))
    assert all((folder / "trackers").is_dir() for folder in lab.folders())


def test_a_run_that_continues_is_not_launched_anew(lab):
    lab.run("run", "lab.rates.config", "--record", "end=kill")
    for words in (["--slots", "1", "--resume", "@"], ["--on", "x", "--resume", "@"]):
        done = lab.run("run", *words)
        assert done.returncode == 2
        assert "--resume continues a run in this process" in done.stderr
    assert len(lab.folders()) == 1


@pytest.mark.parametrize("option", ["--dry-run", "--smoke", "--no-record", "--slots=2"])
def test_options_before_as_recorded_are_refused_too(lab, option):
    lab.run("run", "lab.rates.config", "--record")
    done = lab.run("run", option, "--as-recorded", "@")
    assert done.returncode == 2
    assert "--as-recorded repeats a run as it was" in done.stderr
    assert len(lab.folders()) == 1


def test_the_variant_of_a_launched_run_is_saved(lab):
    done = lab.run("run", "lab.rates.config", "steps=1", "--slots", "1", "--save-as", "lab/one.py")
    assert done.returncode == 0, done.stderr
    assert "steps=1" in (lab.folder / "lab" / "one.py").read_text()
    assert lab.ended() == [0]


@pytest.mark.parametrize("words", [["seed=9"], ["--smoke"]], ids=str)
def test_points_that_overrides_or_small_values_make_equal_run_once(lab, words):
    (lab.folder / "lab" / "model.py").write_text(
        (lab.folder / "lab" / "model.py").read_text()
        + "from pconfigs import psmoke\npsmoke(TrainerConfig, seed=7)\n"
    )
    done = lab.run("run", "lab.rates.sweep", "--slots", "2", *words)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("4 of 6 points repeat others\n") == 1
    assert "2 runs: 2 done" in done.stderr
    assert len(lab.ended()) == 2


def test_a_sweep_runs_again_where_that_is_asked(lab):
    for _ in range(2):
        assert lab.run("run", "lab.rates.listed", "--again").returncode == 0
    assert lab.ended() == [7, 7, 8, 8]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--slots", "two"], "--slots must be a number from 1, got two"),
        (["--no-record"], "--no-record is not possible for a search"),
        (["--retry-failed"], "--retry-failed is not possible for a search"),
        (["--again"], "--again is not possible for a search"),
        (["--tracker", "tensorbord"], "did you mean 'tensorboard'?"),
    ],
    ids=lambda words: words[0] if isinstance(words, list) else "",
)
def test_options_that_a_search_does_not_have_are_refused(lab, words, message):
    (lab.folder / "lab" / "find.py").write_text(
        "from pconfigs import psearch\n"
        "from lab.model import TrainerConfig\n"
        "search = psearch(TrainerConfig(), space={'seed': [1, 2]}, goal='min loss')\n"
    )
    done = lab.run("run", "lab.find.search", *words)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (lab.folder / "runs").exists()
