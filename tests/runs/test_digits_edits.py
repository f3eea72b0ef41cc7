"""Edits of a copy of the digits system: which of them make its runs stale, and by which names.

Functions that ran are known on Python 3.12 and later; before, all functions of imported modules
count, and the answer is marked as static.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.runs.conftest import REPOSITORY

pytestmark = pytest.mark.slow  # each starts a process
TRACED = sys.version_info >= (3, 12)

HELPERS = '''
"""What the copy has besides the digits system: one of each way to write a function."""

from functools import wraps

from pconfigs import EnvVar, penv


@penv
class digits_env:
    tag: str = EnvVar("DIGITS_TAG", "none")


def plain(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


def scaled(value):
    half = lambda number: number / 2
    never = lambda number: number / 3

    def twice(number):
        return number * 2

    def unused(number):
        return number * 3

    return twice(half(value))


class Meter:
    def read(self, value):
        return self.shift(value)

    def shift(self, value):
        return value + 0

    def idle(self):
        return 1


class LossMeter(Meter):
    unit = "nat"
'''
JUDGED = """
from __future__ import annotations
from pconfigs import PConfig, pconfig, pconfiged
from project.digits.artifacts import TrainedModel

@pconfiged(runnable=True)
class Judge:
    config: JudgeConfig

    def main(self, *args):
        print(self.config.model.accuracy)

@pconfig
class JudgeConfig(PConfig[Judge]):
    model: TrainedModel

config = JudgeConfig(model=TrainedModel(ref="model:latest"))
"""
CHANGES = {
    "trainer.py": [
        (
            "from project.digits.data",
            "from project.digits import helpers\nfrom project.digits.data",
        ),
        ("    def train_epoch", "    @helpers.plain\n    def train_epoch"),
        (
            "float(np.mean(losses))",
            "helpers.LossMeter().read(helpers.scaled(float(np.mean(losses))))",
        ),
        (
            "    @pcheck\n    def batch_fits",
            "    @pproperty\n    def tag(self) -> str:\n        return helpers.digits_env.tag\n\n"
            "    @pcheck\n    def batch_fits",
        ),
    ]
}


class Copy:
    """A project with a copy of the digits system, and a run of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self) -> None:
        """Write the sources as they were when it ran."""
        shutil.rmtree(self.folder / "project", ignore_errors=True)
        for name in ("digits", "experiments"):
            shutil.copytree(
                REPOSITORY / "project" / name,
                self.folder / "project" / name,
                ignore=shutil.ignore_patterns("__pycache__", "*.golden", "__pconfigs__.py"),
            )
        (self.folder / "pyproject.toml").write_text("")
        (self.folder / "project/__init__.py").write_text("")
        self.file("helpers.py").write_text(HELPERS)
        for name, pairs in CHANGES.items():
            for before, after in pairs:
                self.edit(name, before, after)

    def file(self, name: str) -> Path:
        return self.folder / "project/digits" / name

    def edit(self, name: str, before: str, after: str) -> None:
        text = self.file(name).read_text()
        assert text.count(before) == 1, (name, before)
        self.file(name).write_text(text.replace(before, after))

    def call(self, command: str, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": f"{self.folder}{os.pathsep}{REPOSITORY}"}
        return subprocess.run(
            [sys.executable, "-m", f"pconfigs.{command}", *words],
            cwd=self.folder,
            env={**environment, "PYTHONDONTWRITEBYTECODE": "1", **variables},
            capture_output=True, encoding="utf-8", timeout=120, check=False,
        )  # fmt: skip

    def stale(self, run: str = "digits_hidden,epochs=1-", **variables: str) -> list[str]:
        """Return kind and name of what made the first run of a name stale."""
        name = sorted(path.name for path in (self.folder / "runs").glob(f"{run}*"))[0]
        done = self.call("runs", "check", f"@{name}", "--json", **variables)
        assert done.stdout, done.stderr
        (one,) = json.loads(done.stdout)
        assert one["traced"] == TRACED
        assert done.returncode == bool(one["reasons"])
        return sorted(f"{reason['kind']} {reason['name']}" for reason in one["reasons"])


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    copy = Copy(tmp_path_factory.mktemp("digits"))
    copy.write()
    done = copy.call("run", "project.experiments.digits_hidden", "epochs=1", "--record")
    assert done.returncode == 0, done.stderr
    return copy


@pytest.fixture
def copy(ran):
    ran.write()
    return ran


# name: file, before, after, what is stale where it is known what ran, and where it is not.
EDITS = {
    "nothing": ("helpers.py", "half = lambda", "half = lambda", [], []),
    "comment": ("optimizer.py", "self.steps += 1", "self.steps += 1  # counted", [], []),
    "docstring": (
        "trainer.py",
        '"""Train, with a line for every epoch."""',
        '"""Train."""',
        [],
        [],
    ),
    "blank line": ("optimizer.py", "self.steps += 1", "\n        self.steps += 1\n", [], []),
    "function that did not run": (
        "helpers.py",
        "return 1",
        "return 2",
        [],
        ["code Meter.idle"],
    ),
    "method of a class that did not run": (
        "optimizer.py",
        "velocity -= rate * gradient",
        "velocity -= gradient * rate",
        [],
        ["code Momentum.step"],
    ),
    "property written otherwise": (
        "trainer.py",
        "return self.epochs * self.steps_per_epoch",
        "return self.steps_per_epoch * self.epochs",
        [],
        [],
    ),
    "property with another value": (
        "trainer.py",
        "return self.epochs * self.steps_per_epoch",
        "return self.epochs * self.steps_per_epoch + 1",
        ["value optimizer.total_steps", "value total_steps"],
        ["value optimizer.total_steps", "value total_steps"],
    ),
    "new function": (
        "helpers.py",
        "def scaled",
        "def more(value):\n    return value\n\n\ndef scaled",
        [],
        [],
    ),
    "changed default": ("trainer.py", "    batch_size=32,", "    batch_size=64,", [], []),
    "function that ran": (
        "optimizer.py",
        "parameter -= rate * unbiased / scale",
        "parameter -= unbiased * rate / scale",
        ["code Adam.step"],
        ["code Adam.step"],
    ),
    "new method in a class that ran": (
        "helpers.py",
        "    def idle",
        "    def more(self):\n        return 1\n\n    def idle",
        ["code Meter.more"],
        ["code Meter.more"],
    ),
    "new top-level statement": (
        "helpers.py",
        "class Meter:",
        "print(end='')\n\n\nclass Meter:",
        ["code print(end='')"],
        ["code print(end='')"],
    ),
    "decorator": (
        "trainer.py",
        "    @helpers.plain\n    def train_epoch",
        "    def train_epoch",
        ["code DigitsTrainer.train_epoch"],
        ["code DigitsTrainer.train_epoch"],
    ),
    "inside of a decorator": (
        "helpers.py",
        "return function(*args, **kwargs)",
        "return function(*args, **dict(kwargs))",
        ["code plain.<locals>.wrapper"],
        ["code plain.<locals>.wrapper"],
    ),
    "nested function that ran": (
        "helpers.py",
        "return number * 2",
        "return 2 * number",
        ["code scaled.<locals>.twice"],
        ["code scaled.<locals>.twice"],
    ),
    "nested function that did not run": (
        "helpers.py",
        "return number * 3",
        "return 3 * number",
        [],
        ["code scaled.<locals>.unused"],
    ),
    "lambda that ran": (
        "helpers.py",
        "number / 2",
        "number * 0.5",
        ["code scaled.<locals>.<lambda>"],
        ["code scaled.<locals>.<lambda>"],
    ),
    "lambda that did not run": (
        "helpers.py",
        "number / 3",
        "number / 4",
        [],
        ["code scaled.<locals>.<lambda>"],
    ),
    "override of an inherited method": (
        "helpers.py",
        'unit = "nat"',
        'unit = "nat"\n\n    def shift(self, value):\n        return value',
        ["code LossMeter.shift"],
        ["code LossMeter.shift"],
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_named_where_it_counts(copy, name):
    file, before, after, traced, static = EDITS[name]
    copy.edit(file, before, after)
    assert copy.stale() == (traced if TRACED else static)


def test_a_renamed_file_leaves_a_run_up_to_date(copy):
    copy.file("helpers.py").rename(copy.file("aids.py"))
    copy.edit(
        "trainer.py",
        "from project.digits import helpers",
        "from project.digits import aids as helpers",
    )
    assert copy.stale() == []


def rename(copy, name, later):
    """Rename a file of the digits system, and the imports of it."""
    copy.file(f"{name}.py").rename(copy.file(f"{later}.py"))
    for path in (copy.folder / "project").rglob("*.py"):
        text = path.read_text()
        path.write_text(text.replace(f"project.digits.{name} ", f"project.digits.{later} "))


def test_a_renamed_file_of_config_classes_leaves_a_run_up_to_date(copy):
    rename(copy, "optimizer", "optimizers")
    rename(copy, "trainer", "training")
    assert copy.stale() == []
    run = sorted((copy.folder / "runs").glob("digits_hidden,epochs=1-*"))[0].name
    done = copy.call("run", f"@{run}")
    assert done.returncode == 0, done.stderr
    assert "all 3 logged values are those of" in done.stderr


def test_edits_of_a_renamed_file_are_named_with_their_places(copy):
    copy.edit("optimizer.py", "parameter -= rate * unbiased", "parameter -= unbiased * rate")
    rename(copy, "optimizer", "optimizers")
    run = sorted((copy.folder / "runs").glob("digits_hidden,epochs=1-*"))[0].name
    done = copy.call("runs", "check", f"@{run}", "--json")
    ((reason,),) = [one["reasons"] for one in json.loads(done.stdout)]
    assert reason["name"] == "Adam.step"
    assert reason["text"].startswith("Adam.step changed (project/digits/optimizers.py:")


def test_a_config_class_in_another_file_is_found_there(copy):
    text = copy.file("optimizer.py").read_text()
    head, start, classes = text.partition("@pconfiged\nclass Adam:")
    copy.file("optimizer.py").write_text(head)
    copy.file("adam.py").write_text(f"{head.partition('@pconfig')[0]}"
        f"from project.digits.optimizer import OptimizerConfig\n\n\n{start}{classes}")  # fmt: skip
    trainer = copy.file("trainer.py").read_text()
    copy.file("trainer.py").write_text(trainer.replace(
        "from project.digits.optimizer import AdamConfig, OptimizerConfig",
        "from project.digits.adam import AdamConfig\n"
        "from project.digits.optimizer import OptimizerConfig"))  # fmt: skip
    assert copy.stale() == []


def test_a_config_class_that_is_gone_is_named(copy):
    copy.edit("optimizer.py", "class AdamConfig", "class AdamWConfig")
    copy.edit("optimizer.py", "pdefaults += AdamConfig", "pdefaults += AdamWConfig")
    copy.edit("optimizer.py", "config: AdamConfig", "config: AdamWConfig")
    (copy.folder / "project/digits/trainer.py").write_text(
        copy.file("trainer.py").read_text().replace("AdamConfig", "AdamWConfig"))  # fmt: skip
    assert "config config" in copy.stale()


def test_a_renamed_function_is_gone_and_its_caller_changed(copy):
    copy.edit("helpers.py", "def scaled", "def rescaled")
    copy.edit("trainer.py", "helpers.scaled", "helpers.rescaled")
    assert copy.stale() == ["code DigitsTrainer.train_epoch", "code scaled"]


def test_a_variable_that_a_property_reads_counts(copy):
    assert copy.stale(DIGITS_TAG="none") == []
    assert copy.stale(DIGITS_TAG="other") == ["value tag", "variable DIGITS_TAG"]


def test_versions_of_packages_are_not_seen_and_the_output_notes_it(copy):
    run = sorted((copy.folder / "runs").glob("digits_hidden,epochs=1-*"))[0]
    attempt = run / "attempts/1.json"
    text = attempt.read_text()
    data = json.loads(text)
    assert data["packages"]["numpy"]
    try:
        attempt.write_text(json.dumps({**data, "packages": {**data["packages"], "numpy": "0.1"}}))
        done = copy.call("runs", "check", f"@{run.name}")
        assert done.returncode == 0
        assert "not seen: " in done.stderr
        assert "versions of packages" in done.stderr
        rerun = copy.call("run", f"@{run.name}")
        assert "numpy  '0.1' -> '" in rerun.stderr + rerun.stdout
    finally:
        attempt.write_text(text)


def test_an_artifact_that_another_run_made_anew_counts(copy):
    (copy.folder / "project/experiments/judged.py").write_text(JUDGED)
    done = copy.call("run", "project.experiments.judged")
    assert done.returncode == 0, done.stderr
    assert copy.stale("judged") == []
    copy.call("run", "project.experiments.digits_hidden", "epochs=1", "seed=7")
    assert copy.stale("judged") == ["artifact model"]
