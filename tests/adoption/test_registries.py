"""Registries: modules of functions that return dataclasses, classes inside of classes included."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from pconfigs import Required
from pconfigs.adoption.class_result import adopt_classes
from pconfigs.cli.adopt import class_module
from pconfigs.imports.files import load_file

PARTS = '''
    """Parts, each with its config inside."""

    from __future__ import annotations

    from collections.abc import Callable
    from dataclasses import dataclass, field
    from typing import Protocol


    class Buildable(Protocol):
        def build(self) -> object: ...


    def zeros(tensor): ...


    def normal(tensor, std=1.0): ...


    class Linear:
        @dataclass(kw_only=True, slots=True)
        class Config:
            width: int
            init: dict[str, Callable] = field(default_factory=dict)

            def build(self):
                return Linear()


    class LowRank(Linear):
        @dataclass(kw_only=True, slots=True)
        class Config(Linear.Config):
            rank: int = 4


    class Trainer:
        @dataclass(kw_only=True, slots=True)
        class Config:
            """How to train."""

            head: Linear.Config
            layers: list[Linear.Config]
            source: Buildable
            extra: Buildable | None = None
            steps: int = 10
            size: int = field(init=False, default=0)
    '''

REGISTRY = '''
    """All experiments."""

    from __future__ import annotations

    from functools import partial

    from parts import Linear, LowRank, Trainer, normal, zeros


    def debug(layers: int = 2) -> Trainer.Config:
        return Trainer.Config(
            head=Linear.Config(width=8, init={"weight": partial(normal, std=0.5), "bias": zeros}),
            layers=[Linear.Config(width=n) for n in range(layers)],
            source=Linear.Config(width=3),
        )


    def low_rank() -> Trainer.Config:
        config = debug()
        config.layers = [LowRank.Config(width=1, rank=2)]
        config.steps = 7
        return config


    def closed() -> Trainer.Config:
        config = debug()
        config.head.init = {"weight": lambda tensor: None}
        return config


    def broken() -> Trainer.Config:
        raise ImportError("quantization is not installed")


    def sized(width: int) -> Trainer.Config:
        return Trainer.Config(head=Linear.Config(width=width), layers=[], source=None)


    def helper() -> int:
        return 1
    '''


@pytest.fixture
def registry(folder, files):
    """What was adopted from the registry."""
    files({"parts.py": PARTS, "registry.py": REGISTRY})
    theirs = load_file("registry.py", "registry.py")
    return adopt_classes(theirs, "registry.py", folder / "made", "made", True)


def config(name):
    return importlib.import_module(f"made.experiments.{name}").config


def test_functions_become_experiments(registry):
    assert registry.differences == []
    assert registry.targets == [f"made.experiments.{n}" for n in ("debug", "low_rank", "closed")]
    debug = config("debug")
    assert type(debug).__name__ == "TrainerConfig"
    assert (debug.steps, [one.width for one in debug.layers]) == (10, [0, 1])
    weight = debug.head.init["weight"]
    assert (weight.func.__name__, weight.keywords) == ("normal", {"std": 0.5})


def test_derived_classes_are_allowed_where_their_bases_are(registry):
    (layer,) = config("low_rank").layers
    assert (type(layer).__name__, layer.rank) == ("LowRankConfig", 2)
    made = importlib.import_module("made.registry")
    assert issubclass(made.LowRankConfig, made.LinearConfig)


def test_a_part_of_a_protocol_has_the_class_that_it_holds(registry):
    code = Path("made/registry.py").read_text(encoding="utf-8")
    assert "source: LinearConfig\n" in code
    assert "extra: Buildable | None\n" in code
    assert "size" not in code


def test_what_has_no_code_or_cannot_be_made_is_listed(registry):
    findings = [str(one).partition(": ")[2] for one in registry.findings]
    assert "broken: raised ImportError: quantization is not installed" in findings
    assert "LinearConfig.init: an instance holds a value without code: dict" in findings
    assert config("closed").head.init is Required


def test_values_that_are_left_out_are_not_counted(registry):
    """Three experiments, the last without the two values of its dict, and three defaults."""
    assert registry.compared == 8 + 8 + 6 + 3


def test_other_modules_of_functions_are_no_registries(files):
    files({"given.py": "def helper() -> int:\n    return 1\n"})
    assert class_module("given.py") is None
