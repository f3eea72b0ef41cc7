"""Small runs that log other metrics are reported with the function that changed."""

from __future__ import annotations

import json
import sys

import pytest

from pconfigs.testing.golden_metrics import differing
from tests.runs.conftest import Project

TRACED = sys.version_info >= (3, 12)


@pytest.fixture
def project(tmp_path):
    project = Project(tmp_path)
    train = tmp_path / "lab/train.py"
    train.write_text(
        train.read_text() + "\n\nfrom pconfigs import psmoke\n\npsmoke += TrainerConfig(steps=1)\n"
    )
    (tmp_path / "lab/first.py").unlink()
    project.write("lab/runs/__init__.py", "")
    project.write("lab/runs/__pconfigs__.py", "")
    project.write(
        "lab/runs/one.py",
        "from lab.train import TrainerConfig\nconfig = TrainerConfig(rate=0.25)\n",
    )
    yield project
    project.end()


CHAIN = """
from __future__ import annotations

from pconfigs import PArtifact, PConfig, pconfig, pconfiged, pdefaults, prun, psmoke


@pconfiged(runnable=True)
class Prepare:
    config: PrepareConfig

    def main(self, namespace, others):
        path = prun.dir / "words.txt"
        path.write_text(self.word() * self.config.size)
        prun.log_artifact("words", path)

    def word(self):
        return "word "


@pconfig
class PrepareConfig(PConfig[Prepare]):
    size: int


pdefaults += PrepareConfig(size=1000)
psmoke += PrepareConfig(size=3)


@pconfiged(runnable=True)
class Count:
    config: CountConfig

    def main(self, namespace, others):
        prun.log(letters=len(self.config.words.path.read_text()))


@pconfig
class CountConfig(PConfig[Count]):
    words: PArtifact


prepared = PrepareConfig()
"""


def check(project, *words):
    return project.python("-m", "pconfigs.test", "lab/runs", "--smoke", *words)


def golden(project, name="one"):
    return project.folder / f"lab/runs/{name}.config.metrics"


def edit(project, before, after, file="lab/train.py"):
    path = project.folder / file
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))


def test_metrics_are_written_once_and_compared_then(project):
    done = check(project, "--golden")
    assert done.code == 1
    assert "lab.runs.one.config has no golden metrics yet" in done.out
    assert "wrote lab/runs/one.config.metrics" in check(project, "--update-golden").out
    held = json.loads(golden(project).read_text())
    assert held["metrics"] == {"loss": 0.25}
    assert "lab/train.py Trainer.loss" in held["functions"]
    assert check(project, "--golden").code == 0
    assert not project.store.exists()


def test_the_function_that_changed_a_metric_is_named(project):
    check(project, "--update-golden")
    edit(project, "(step + 1)", "(step + 2)")
    edit(project, "def unused(self):\n        return 1", "def unused(self):\n        return 2")
    done = check(project, "--golden")
    assert done.code == 1
    assert "lab.runs.one.config --smoke logs other metrics than" in done.out
    assert "    loss  0.25 -> 0.125\n" in done.out
    changed = "Trainer.loss (lab/train.py)"
    others = "" if TRACED else ", Trainer.unused (lab/train.py)"
    assert f"    changed since: {changed}{others}\n" in done.out
    check(project, "--update-golden")
    assert check(project, "--golden").code == 0


def test_code_that_changes_no_metric_passes(project):
    check(project, "--update-golden")
    edit(project, "(step + 1)", "(1 + step)")
    assert check(project, "--golden").code == 0


def test_what_consumes_artifacts_is_compared_and_functions_of_its_producers_are_named(project):
    (project.folder / "lab/runs/one.py").unlink()
    project.write("lab/chain.py", CHAIN)
    project.write(
        "lab/runs/two.py",
        "from lab.chain import CountConfig, prepared\n"
        "from pconfigs import PArtifact\n"
        "config = CountConfig(words=PArtifact(of=prepared))\n",
    )
    assert "wrote lab/runs/two.config.metrics" in check(project, "--update-golden").out
    assert json.loads(golden(project, "two").read_text())["metrics"] == {"letters": 15}
    done = check(project, "--golden")
    assert done.code == 0, done.out
    edit(project, 'return "word "', 'return "words "', "lab/chain.py")
    done = check(project, "--golden")
    assert done.code == 1
    assert "    letters  15 -> 18\n" in done.out
    assert "    changed since: Prepare.word (lab/chain.py)\n" in done.out
    assert not project.store.exists()


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        ({"loss": 1.0}, {"loss": 1.0 + 1e-9}, []),
        ({"loss": 1.0}, {"loss": 1.0 + 1e-4}, ["loss"]),
        ({"loss": float("nan")}, {"loss": float("nan")}, []),
        ({"loss": float("nan")}, {"loss": 1.0}, ["loss"]),
        ({"loss": float("inf")}, {"loss": float("-inf")}, ["loss"]),
        ({"name": "a"}, {"name": "b"}, ["name"]),
        ({"loss": 1.0}, {"rate": 1.0}, ["loss", "rate"]),
    ],
)
def test_differences_are_those_beyond_rounding(before, after, names):
    assert differing(before, after) == names


def test_without_golden_nothing_is_compared(project):
    assert check(project).code == 0
    assert not golden(project).exists()
