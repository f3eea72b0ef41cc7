"""Sweepers of Hydra: sweeps and searches of the result, with the values that Hydra takes."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from pconfigs.adoption.reading.sweeper import sweep_of
from pconfigs.adoption.reading.yaml_tree import tree_of
from pconfigs.adoption.source import Range
from pconfigs.sweeps import Integers, LogUniform
from tests.adoption.conftest import TREE
from tests.limits import limits

SEARCH = """
    # @package _global_

    # A search: with Optuna.

    defaults:
      - override /hydra/sweeper: optuna

    optimized_metric: val/acc

    hydra:
      mode: MULTIRUN
      sweeper:
        _target_: hydra_plugins.hydra_optuna_sweeper.optuna_sweeper.OptunaSweeper
        direction: maximize
        n_trials: 20
        n_jobs: 2
        storage: null
        sampler:
          _target_: optuna.samplers.TPESampler
          seed: 7
        params:
          optimizer.lr: tag(log, interval(0.0001, 0.1))
          data.batch: choice(32, 64)
          model.width: range(4, 9)
          trainer.epochs: int(interval(1, 5))
          optimizer: choice(adam, sgd)
          seed: 1,2
          model.dept: choice(1, 2)
          data.path: glob(*)
          trainer.devices: choice(1, two)
    """
GRID = """
    # @package _global_
    hydra:
      sweeper:
        params:
          data.batch: 8,16
          trainer: default,gpu
          model.width: range(1,3)
          model.depth: interval(1,3)
    """


@pytest.fixture
def module(adopted):
    """Adopt the tree with one sweep; return the module of it and what was done."""

    def run(text):
        train = TREE["conf/train.yaml"].replace("  - experiment: null", "  - hparams: null")
        train = train.replace("task: train\n", "task: train\n        optimized_metric: null\n")
        tree = {**TREE, "conf/train.yaml": train, "conf/hparams/one.yaml": text}
        done = adopted(tree, "conf")
        assert done.differences == []
        return importlib.import_module("made.experiments.hparams_one"), done

    return run


def test_a_search_is_adopted(module):
    made, done = module(SEARCH)
    search = made.search
    assert (search.base, search.goal) == (made.config, "max val/acc")
    assert (search.runs, search.parallel, search.seed) == (20, 2, 7)
    space = {path: getattr(one, "values", one) for path, one in search.space.items()}
    group = importlib.import_module("made.optimizer")
    assert space == {
        "optimizer.lr": LogUniform(0.0001, 0.1),
        "data.batch": (32, 64),
        "model.width": Integers(4, 9),
        "trainer.epochs": Integers(1, 5),
        "optimizer": (group.adam, group.sgd),
        "seed": (1, 2),
    }
    assert done.targets[-1] == "made.experiments.hparams_one.search"


def test_a_sweep_is_adopted(module):
    made, _ = module(GRID)
    assert len(made.sweep) == 2 * 2 * 2
    first = made.sweep[0]
    assert (first.data.batch, first.trainer.accelerator, first.model.width) == (8, "cpu", 1)
    last = made.sweep[7]
    assert (last.data.batch, last.trainer.accelerator, last.model.width) == (16, "gpu", 2)


def test_words_that_are_not_decided_are_listed_and_marked(module):
    _, done = module(SEARCH)
    lines = [
        "model.dept: choice(1, 2): the config has no such value",
        "data.path: glob(*): write its values by hand",
        "trainer.devices: choice(1, two): ",
    ]
    code = Path("made/experiments/hparams_one.py").read_text(encoding="utf-8")
    for line in lines:
        assert any(line in str(one) for one in done.findings)
        assert f"# adopt: {line}" in code
    _, done = module(GRID)
    assert any("model.depth: interval(1,3): an interval has no" in str(o) for o in done.findings)


def test_another_sweeper_is_listed(module):
    text = SEARCH.replace("/hydra/sweeper: optuna", "/hydra/sweeper: ax")
    made, done = module(text.replace("optuna_sweeper.OptunaSweeper", "Ax").replace("optuna", "ax"))
    assert not hasattr(made, "search")
    assert any("a sweeper that is not known here" in str(one) for one in done.findings)


def space_of(text, sweeper="basic"):
    data = f"a: 1\nhydra:\n  sweeper:\n    params:\n      a: {text!r}\n"
    tree = tree_of(data, "a.yaml")
    found = sweep_of(tree.items["hydra"], sweeper, tree)
    return found.parameters[0].space if found.parameters else None


@pytest.mark.parametrize(
    "text",
    [
        "choice(1,2.5,true,a b)", "1,null", "1,2,3", "a,'b,c'", "5", "choice([1,2],[3])",
        "range(3)", "range(1,4)", "range(1,8,3)", "range(0,1,0.25)", "range(start=1,stop=3)",
        "1e-5,2", "float(range(1,3))", "int(choice(1.0,2.0))", "range(5,1,-2)",
    ],
)  # fmt: skip
def test_values_are_those_that_hydra_runs(text):
    parser = pytest.importorskip("hydra.core.override_parser.overrides_parser")
    override = parser.OverridesParser.create().parse_override(f"a={text}")
    theirs = list(override.sweep_iterator()) if override.is_sweep_override() else [override.value()]
    assert repr(space_of(text)) == repr([getattr(one, "text", one) for one in theirs])


@pytest.mark.parametrize(
    ("text", "space"),
    [
        ("interval(1,5)", Range(1.0, 5.0)),
        ("interval(start=1,end=5)", Range(1.0, 5.0)),
        ("tag(log,interval(1e-5,1))", Range(1e-5, 1.0, True)),
        ("tag(log,int(interval(1,64)))", Range(1, 64, True)),
        ("range(1,5)", Range(1, 5)),
        ("range(1,8,3)", [1, 4, 7]),
        ("range(1,7,3)", [1, 4, 7]),
    ],
)
def test_ranges_of_a_search_include_their_ends(text, space):
    """As Hydra's sweeper for Optuna does."""
    assert space_of(text, "optuna") == space


@pytest.mark.parametrize(
    "text",
    ["glob(*)", "choice({a: 1})", "interval(a,b)", "range(1,2,0)", "sort(1,2)", "interval(1,2,3)"],
)
def test_other_words_have_no_values(text):
    assert space_of(text, "optuna") is None


LARGE = "9" * 400


@pytest.mark.parametrize(
    "text",
    [
        "range(0,1000000000000)", "range(0,1e308,1e-308)", "range(0,inf)", f"range(0.5,{LARGE})",
        f"interval(0,{LARGE})", "int(interval(0,inf))", "int(choice(inf))", "int(choice([1],2))",
        "range(0,100000,1.0)", f"{'tag(' * 3000}1{')' * 3000}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("sweeper", ["basic", "optuna"])
def test_words_without_an_end_have_no_values(text, sweeper):
    with limits():
        found = space_of(text, sweeper)
    assert found is None or (sweeper == "optuna" and found == Range(0, 1000000000000))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("n_trials: 20", "n_trials: -5", "n_trials: -5: not a count"),
        ("n_jobs: 2", "n_jobs: 0", "n_jobs: 0: not a count"),
        ("range(4, 9)", "range(4, 4)", "high must be greater than low"),
        ("interval(0.0001, 0.1)", "interval(0, 0.1)", "low must be greater than 0"),
        ("interval(0.0001, 0.1)", "interval(0.1, inf)", "inf"),
        ("val/acc", "' '", "goal must be"),
    ],
)
def test_a_search_that_cannot_be_made_is_listed_and_leaves_the_rest(old, new, why, module):
    made, done = module(SEARCH.replace(old, new))
    assert any(why in str(one) for one in done.findings)
    assert hasattr(made, "search") == new.startswith("n_")
    assert made.config.optimized_metric
