"""Bisection finds planted culprits with few runs."""

import json
import math

import pytest
from hypothesis import given, strategies as st

from pconfigs.runs.changes.bisection import culprits

pytestmark = pytest.mark.slow  # each starts several processes


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n - 1))))
def test_one_culprit_is_found_within_the_bound(case):
    count, culprit = case
    names = [f"s{index}" for index in range(count)]
    asked = []

    def moves(chosen):
        asked.append(chosen)
        return names[culprit] in chosen

    assert culprits(names, moves) == [names[culprit]]
    assert len(asked) <= 2 * math.log2(count) + 3


@given(st.integers(2, 30), st.data())
def test_culprits_that_act_together_are_all_found(count, data):
    names = [f"s{index}" for index in range(count)]
    wanted = set(data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True)))
    assert set(culprits(names, lambda chosen: wanted <= set(chosen))) == wanted


def test_nothing_is_asked_twice():
    asked = []

    def moves(chosen):
        asked.append(tuple(chosen))
        return {"a", "d"} <= set(chosen)

    assert culprits(list("abcd"), moves) == ["a", "d"]
    assert len(asked) == len(set(asked))


MODULE = """
from __future__ import annotations
from pconfigs import PConfig, pcheck, pconfig, pconfiged, pdefaults, prun

@pconfiged(runnable=True)
class Model:
    config: ModelConfig

    def main(self, namespace, others):
        config = self.config
        prun.log(accuracy=0.9 if config.s7 == 0 else 0.5)

@pconfig
class ModelConfig(PConfig[Model]):
FIELDS
    @pcheck
    def together(self):
        if (self.s2 == 0) != (self.s3 == 0):
            raise ValueError("s2 and s3 go together")

pdefaults += ModelConfig(DEFAULTS)
config = ModelConfig()
"""


@pytest.fixture
def model(project):
    names = [f"s{index}" for index in range(12)]
    fields = "".join(f"    {name}: int\n" for name in names)
    defaults = ", ".join(f"{name}=0" for name in names)
    project.write("lab/model.py", MODULE.replace("FIELDS", fields).replace("DEFAULTS", defaults))
    project.run("--record", "lab.model")
    project.run("lab.model", *(f"{name}=1" for name in names))
    return project


def test_a_planted_culprit_among_12_settings_is_found(model):
    runs = [run["run"] for run in reversed(model.listed())]
    done = model.runs("bisect", f"@{runs[0]}", f"@{runs[1]}", "--metric", "accuracy", "--json")
    assert done.code == 0, done.err
    data = json.loads(done.out)
    assert data["set"] == [{"path": "s7", "before": "0", "after": "1"}]
    assert len(data["runs"]) <= 2 * math.log2(12) + 3
    again = model.runs("bisect", f"@{runs[0]}", f"@{runs[1]}", "--metric", "accuracy")
    assert again.out == "accuracy 0.9 -> 0.5 by\n  s7  0 -> 1\n"
    assert "0 runs made" in again.err


def test_runs_that_cannot_be_bisected_are_refused(model):
    runs = [run["run"] for run in reversed(model.listed())]
    for words, problem in (
        ((runs[0], runs[1], "acuracy"), "did you mean accuracy?"),
        ((runs[0], runs[0], "accuracy"), "accuracy is 0.9 in both runs"),
    ):
        done = model.runs("bisect", f"@{words[0]}", f"@{words[1]}", "--metric", words[2])
        assert done.code == 2
        assert problem in done.err


PARTS = """
from __future__ import annotations
from pathlib import Path
from pconfigs import PConfig, pconfig, pconfiged, pdefaults, prun

@pconfig
class Adam:
    rate: float

@pconfig
class Sgd:
    rate: float

pdefaults += Adam(rate=0.1)
pdefaults += Sgd(rate=0.1)

@pconfiged(runnable=True)
class Model:
    config: ModelConfig

    def main(self):
        config = self.config
        prun.log(loss=float(isinstance(config.optimizer, Sgd)) + len(config.root.parts))

@pconfig
class ModelConfig(PConfig[Model]):
    optimizer: Adam | Sgd | None
    root: Path
    tags: frozenset[str]

pdefaults += ModelConfig(optimizer=None, root=Path("a"), tags=frozenset())
config = ModelConfig()
"""


def test_parts_paths_and_sets_are_shown_as_words(project):
    project.write("lab/parts.py", PARTS)
    project.run("--record", "lab.parts")
    project.run("lab.parts", "optimizer=Sgd", "root=a/b", "tags={x}")
    runs = [run["run"] for run in reversed(project.listed())]
    done = project.runs("bisect", f"@{runs[0]}", f"@{runs[1]}", "--metric", "loss", "--json")
    assert done.code == 0, done.err
    found = {one["path"]: (one["before"], one["after"]) for one in json.loads(done.out)["set"]}
    # Each alone leaves the metric in the middle.
    assert found == {"optimizer": ("", "Sgd"), "root": ("PosixPath('a')", "PosixPath('a/b')")}


SECRETS = """
from __future__ import annotations
from pconfigs import PConfig, Secret, pconfig, pconfiged, prun

@pconfiged(runnable=True)
class Model:
    config: ModelConfig

    def main(self):
        prun.log(loss=float(len(self.config.token)))

@pconfig
class ModelConfig(PConfig[Model]):
    token: Secret[str]

first = ModelConfig(token="planted-one")
second = ModelConfig(first, token="planted-second")
"""


def test_secrets_that_differ_are_not_shown(project):
    project.write("lab/secret.py", SECRETS)
    project.run("--record", "lab.secret.first")
    project.run("--record", "lab.secret.second")
    runs = [run["run"] for run in reversed(project.listed())]
    done = project.runs("bisect", f"@{runs[0]}", f"@{runs[1]}", "--metric", "loss")
    assert done.out == "loss 11.0 -> 14.0 by\n  token  ... -> ...\n"
    assert "planted" not in done.err
