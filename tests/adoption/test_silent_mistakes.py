"""Mistakes that other tools let pass, each refused by the adopted version.

More than fifteen that Hydra composes without a word, in a tree of the shape of its best known
template, and nine that the config classes of torchtitan take, in classes of that shape.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from pconfigs import pload_file, poverride, pset
from pconfigs.adoption.class_result import adopt_classes
from pconfigs.errors import PConfigError
from pconfigs.imports.files import load_file
from tests.adoption.conftest import TREE

SILENT_IN_HYDRA = [
    "sed: 12",
    "seed: abc",
    "tags: foo",
    "train: maybe",
    "task: [a]",
    "trainer: {epoch: 3}",
    "trainer: {epochs: '10'}",
    "trainer: null",
    "trianer: {epochs: 3}",
    "data: {batch: abc}",
    "data: {batch: [32]}",
    "data: {path: null}",
    "data: {split: [55000, many]}",
    "optimizer: {lr: 1e-3x}",
    "optimizer: {lr: true}",
    "optimizer: {_target_: shop.parts.Adamm}",
    "model: {width: 64.5}",
]


@pytest.fixture
def silent(files, monkeypatch):
    """Return the values that Hydra composes with an experiment file of one text."""
    hydra = pytest.importorskip("hydra")
    monkeypatch.setenv("SHOP_ROOT", "/shop")

    def run(text):
        where = files({**TREE, "conf/experiment/bad.yaml": f"# @package _global_\n{text}\n"})
        with hydra.initialize_config_dir(str(where / "conf"), version_base="1.3"):
            return hydra.compose("train", ["experiment=bad"])

    return run


@pytest.mark.parametrize("text", SILENT_IN_HYDRA)
def test_what_hydra_composes_is_refused_by_the_adopted_tree(silent, adopted, folder, text):
    assert silent(text) is not None
    (folder / "conf/experiment/bad.yaml").unlink()
    done = adopted({"bad.yaml": f"{text}\n"}, "conf")
    assert done.differences == []
    config = importlib.import_module("made.experiments.train").config
    with pytest.raises(PConfigError) as caught:
        pload_file("bad.yaml", type(config), base=config)
    assert text.partition(":")[0].strip() in str(caught.value)


def test_the_same_file_without_a_mistake_loads(adopted, monkeypatch):
    monkeypatch.setenv("SHOP_ROOT", "/shop")
    adopted({**TREE, "good.yaml": "trainer: {epochs: 3}\noptimizer: {lr: 0.5}\n"}, "conf")
    config = importlib.import_module("made.experiments.train").config
    assert pload_file("good.yaml", type(config), base=config).trainer.epochs == 3


JOB = '''
    """Settings of a job."""

    from dataclasses import dataclass, field
    from typing import Literal


    @dataclass(kw_only=True, slots=True)
    class Training:
        steps: int = 10
        dtype: Literal["bfloat16", "float32"] = "float32"


    @dataclass(kw_only=True, slots=True)
    class Attention:
        dim: int = 64
        n_heads: int = 4

        def __post_init__(self):
            pass  # dim % n_heads is looked at when the model is built


    @dataclass(kw_only=True, slots=True)
    class Checkpointing:
        mode: Literal["selective", "full"] = "selective"


    @dataclass(kw_only=True, slots=True)
    class Dataset:
        path: str = "c4"
        columns: list[str] = field(default_factory=lambda: ["text"])


    DATASETS = {"c4": Dataset()}


    @dataclass(kw_only=True, slots=True)
    class Job:
        training: Training = field(default_factory=Training)
        attention: Attention = field(default_factory=Attention)
        checkpointing: Checkpointing | None = None
        dataset: Dataset = field(default_factory=lambda: DATASETS["c4"])


    debug = Job()
    large = Job(training=Training(steps=1000))
    '''

FLAVOR = """
    # A model whose parts repeat its sizes.
    model:
      dim: 64
      vocab: 1000
      head: {dim: "${model.dim}", vocab: "${model.vocab}"}
    loss:
      vocab: ${model.vocab}
    """


@pytest.fixture
def job(folder, files):
    """The dataclasses, and what was adopted from them."""
    files({"job.py": JOB})
    theirs = load_file("job.py", "job.py")
    done = adopt_classes(theirs, "job.py", folder / "made", "made", True)
    assert done.differences == []
    return theirs, importlib.import_module("made.job"), done


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        ("Training", "steps", "10"),
        ("Training", "dtype", "bf16"),
        ("Training", "steps", None),
        ("Job", "checkpointing", "selective"),
    ],
)
def test_values_of_a_wrong_type(job, part, field, value):
    theirs, ours, _ = job
    assert getattr(getattr(theirs, part)(**{field: value}), field) == value
    with pytest.raises(PConfigError, match=field):
        getattr(ours, part)(**{field: value})


def test_a_limit_that_is_broken_after_construction(job):
    theirs, ours, _ = job
    made = theirs.Training()
    made.steps = "many"
    config = ours.Training()
    with pytest.raises(PConfigError, match="steps"):
        config.steps = "many"
    with pytest.raises(PConfigError, match="steps"):
        pset(config, {"steps": "many"})


def test_one_experiment_that_edits_the_data_of_all(job):
    theirs, _, _ = job
    theirs.debug.dataset.columns.append("label")
    assert theirs.large.dataset.columns == ["text", "label"]
    debug = importlib.import_module("made.experiments.debug").config
    large = importlib.import_module("made.experiments.large").config
    with pytest.raises(PConfigError):
        debug.dataset.columns.append("label")
    assert large.dataset.columns == ["text"]


def test_heads_that_do_not_divide(job):
    """The source looks at them later, if at all; the command names the class that wants a check."""
    theirs, _, done = job
    assert theirs.Attention(n_heads=3).n_heads == 3
    assert any(
        "Attention.__post_init__: write its checks as @pcheck" in str(one) for one in done.findings
    )
    path = Path("made/job.py")
    code = path.read_text(encoding="utf-8")
    check = (
        "    n_heads: int\n\n    @pcheck\n    def heads_divide(self) -> bool:\n"
        "        return self.dim % self.n_heads == 0\n"
    )
    code = code.replace("    n_heads: int\n", check).replace(
        "import PConfig", "import PConfig, pcheck"
    )
    path.with_name("checked.py").write_text(code, encoding="utf-8")
    checked = importlib.import_module("made.checked")
    assert checked.Attention(n_heads=8).n_heads == 8
    with pytest.raises(PConfigError, match="heads_divide"):
        checked.Attention(n_heads=3)


@pytest.mark.parametrize(
    ("word", "follower"),
    [("model.dim=128", "model.head.dim"), ("model.vocab=500", "loss.vocab")],
)
def test_sizes_that_are_repeated_follow(adopted, word, follower):
    """Another size cannot be left at the old value by mistake."""
    adopted({"flavor.yaml": FLAVOR}, "flavor.yaml")
    config = poverride(importlib.import_module("made.experiments.flavor").config, [word])
    for step in follower.split("."):
        config = getattr(config, step)
    assert config == int(word.partition("=")[2])
