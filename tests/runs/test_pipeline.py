"""Pipelines: what produces an artifact is run first, and only where it is needed."""

import sys

import pytest

from tests.runs.conftest import read
from tests.runs.test_artifacts import CHAIN

pytestmark = pytest.mark.slow  # each starts several processes

# The training depends on the preparation by object, and leaves a trace of each run.
PIPELINE = CHAIN.replace(
    'prepare = PrepareConfig()\ntrain = TrainConfig()\n',
    'prepare = PrepareConfig()\n'
    'psmoke(PrepareConfig, size=2)\n'
    'psmoke(TrainConfig, steps=1)\n'
    'train = TrainConfig(data=Tokens(of=prepare, name="tokens"))\n',
)  # fmt: skip


@pytest.fixture
def chain(project):
    project.write("lab/chain.py", PIPELINE)
    return project


def started(chain, smoke=False):
    """How many runs of each experiment there are."""
    store = chain.store / ".smoke" if smoke else chain.store
    return [len(list(store.glob(f"chain.{name}*"))) for name in ("prepare", "train", "answer")]


def run(chain, *words, code=0):
    done = chain.run("--with-deps", "lab.chain.answer", *words)
    assert done.code == code, done.err
    return done


def test_what_is_missing_runs_first_and_what_is_there_does_not(chain):
    done = run(chain)
    assert done.out == "8 4\n"
    assert started(chain) == [1, 1, 1]
    done = run(chain)
    assert done.out == ""
    assert "lab.chain.answer: up to date (chain.answer-" in done.err
    assert started(chain) == [1, 1, 1]
    run(chain, "--again")
    assert started(chain) == [1, 1, 2]


def test_a_comment_runs_nothing_and_a_line_that_ran_runs_what_follows(chain):
    run(chain)
    chain.write("lab/chain.py", PIPELINE + "\n# a comment\n")
    run(chain)
    assert started(chain) == [1, 1, 1]
    changed = PIPELINE.replace("write_text(str(self.config.batch))", 'write_text("changed")')
    chain.write("lab/chain.py", changed)
    done = run(chain)
    assert "Train.main" in done.err
    # Which functions ran is known since 3.12; before, all of the module count.
    assert started(chain) == [1 if sys.version_info >= (3, 12) else 2, 2, 2]
    assert done.out == "changed 4\n"


def test_other_data_runs_all_that_reads_it(chain):
    run(chain)
    run(chain, "policy.of.data.of.size=6")
    assert started(chain) == [2, 2, 2]


def test_a_dry_run_names_what_would_run(chain):
    done = run(chain, "--dry-run")
    assert done.out.splitlines() == [
        "lab.chain.prepare: no run of it is done",
        "lab.chain.train: no run of it is done",
        "lab.chain.answer: the target",
    ]
    assert started(chain) == [0, 0, 0]


def test_a_producer_that_fails_keeps_the_rest_from_running(chain):
    chain.write("lab/chain.py", PIPELINE.replace("folder.mkdir()", "raise OSError('full')"))
    done = run(chain, code=1)
    assert "what needs a run that failed is not run" in done.err
    assert started(chain) == [1, 0, 0]


def test_a_consumer_names_the_run_that_has_failed(chain):
    chain.write("lab/chain.py", PIPELINE.replace("folder.mkdir()", "raise OSError('full')"))
    assert chain.run("--record", "lab.chain.prepare").code == 1
    (folder,) = chain.store.glob("chain.prepare-*")
    done = chain.run("lab.chain.train")
    assert done.code == 2
    assert (
        f"tokens of lab.chain.prepare: no run of it is done; {folder.name} has failed\n" in done.err
    )
    assert f"read why (python -m pconfigs.runs log @{folder.name})" in done.err
    assert "OSError: full" in chain.runs("log", f"@{folder.name}").out


def test_what_has_no_dotted_path_is_not_offered_as_a_target(chain):
    done = chain.run("--record", "lab.chain.answer", "policy.of.steps=200")
    assert done.code == 2
    assert "of a variant of lab.chain.train: no run of it is done\n" in done.err
    assert "run it first: add --with-deps\n" in done.err


def test_all_of_it_runs_small(chain):
    done = chain.run("--smoke", "--with-deps", "lab.chain.answer")
    assert (done.code, done.out) == (0, "4 2\n"), done.err
    assert started(chain) == [0, 0, 0]
    assert started(chain, smoke=True) == [1, 1, 1]


def test_evaluations_of_a_sweep_of_trainings(chain):
    chain.write(
        "lab/both.py",
        "from pconfigs import PArtifact, psweep\n"
        "from lab.chain import AnswerConfig, train\n"
        "trainings = psweep(train, grid={'steps': [1, 2]})\n"
        "sweep = psweep(AnswerConfig(questions=1), grid={'policy.of': list(trainings)})\n",
    )
    done = chain.run("--with-deps", "lab.both.sweep", "--slots", "2")
    assert done.code == 0, done.err
    assert started(chain)[0] == 1
    states = [read(path)["state"] for path in chain.store.glob("*/status.json")]
    assert states == ["done"] * 5


def test_a_quick_sweep_runs_although_its_base_is_up_to_date(chain):
    run(chain)
    done = chain.run("--with-deps", "--sweep", "lab.chain.answer", "questions=4,5")
    assert done.code == 0, done.err
    assert started(chain)[2] >= 2, done.err


def test_a_sweep_runs_small_with_all_that_it_needs(chain):
    chain.write("lab/chain.py", PIPELINE + "answers = [answer]\n")
    done = chain.run("--smoke", "--with-deps", "lab.chain.answers")
    assert done.code == 0, done.err
    logs = [file.read_text() for file in (chain.store / ".smoke").glob("*answers*/log.txt")]
    assert logs == ["4 2\n"]


def test_a_producer_that_was_killed_goes_on_in_its_folder(chain):
    killed = PIPELINE.replace("folder.mkdir()", "import os; os.kill(os.getpid(), 9)")
    chain.write("lab/chain.py", killed)
    run(chain, code=1)
    chain.write("lab/chain.py", PIPELINE)
    run(chain)
    assert started(chain) == [1, 1, 1]


def test_experiments_are_tested_small_with_all_that_they_need(chain):
    chain.write("lab/__pconfigs__.py", "")
    (chain.folder / "lab" / "train.py").unlink()
    (chain.folder / "lab" / "first.py").unlink()
    done = chain.python("-m", "pconfigs.test", "--smoke", "lab")
    assert done.code == 0, done.out
    ran = [line.split()[:2] for line in done.out.splitlines() if " ran " in line]
    assert sorted(ran) == [[f"lab.chain.{name}", "ran"] for name in ("answer", "prepare", "train")]
    assert not chain.store.exists()
    text = PIPELINE.replace("policy.of.data.pack_size)", "policy.of.data.pack_sise)")
    chain.write(
        "lab/chain.py", text.replace('Tokens(of=prepare, name="tokens")', "Tokens(ref='x')")
    )
    done = chain.python("-m", "pconfigs.test", "--smoke", "lab")
    assert "lab.chain.train is not run: it reads data; name the experiment" in done.out
    assert "lab.chain.answer is not run: it reads policy.of.data; name the exp" in done.out
    chain.write("lab/chain.py", PIPELINE.replace("folder.mkdir()", "raise OSError('full')"))
    done = chain.python("-m", "pconfigs.test", "--smoke", "lab")
    assert done.code == 1
    assert "lab.chain.answer --smoke failed with exit code 1" in done.out
    assert "OSError: full at lab/chain.py" in done.out
