"""Trees of Hydra: composed as Hydra does, adopted, and equal to the source."""

from __future__ import annotations

import importlib
import shutil
from pathlib import Path

import pytest

from pconfigs import poverride, pset
from pconfigs.adoption.nodes import plain
from pconfigs.adoption.reading.hydra import read_hydra
from pconfigs.errors.base import PConfigError
from pconfigs.errors.serialization import AdoptError
from tests.adoption.conftest import TREE


def config(name):
    return importlib.import_module(f"made.experiments.{name}").config


CHOICES = [
    [],
    ["trainer=gpu"],
    ["optimizer=sgd"],
    ["logger=csv"],
    ["logger=both"],
    ["experiment=wide"],
    ["debug=fast"],
]


@pytest.mark.parametrize("words", CHOICES, ids=str)
def test_trees_are_composed_as_hydra_composes_them(files, words):
    hydra = pytest.importorskip("hydra")
    omegaconf = pytest.importorskip("omegaconf")
    where = files(TREE)
    (where / "conf/train.yaml").write_text(
        (where / "conf/train.yaml").read_text() .replace("  - experiment: null\n",
        "  - experiment: null\n  - debug: null\n")
    )  # fmt: skip
    source = read_hydra(Path("conf/train.yaml"))
    trees = {"": source.tree}
    trees |= {f"{'/'.join(one.path)}={one.name}": one.tree for one in source.options}
    trees |= {"experiment=wide": source.experiments[0].tree}
    trees |= {"debug=fast": source.experiments[1].tree}
    with hydra.initialize_config_dir(str(where / "conf"), version_base="1.3"):
        theirs = hydra.compose("train", words)
    expected = omegaconf.OmegaConf.to_container(theirs, resolve=False)
    assert plain(trees[" ".join(words)]) == expected


def test_the_result_has_the_values_of_the_tree(adopted):
    done = adopted(TREE, "conf")
    assert done.differences == []
    assert done.targets == ["made.experiments.train", "made.experiments.wide"]
    assert done.compared > 25
    wide = config("wide")
    assert (wide.trainer.epochs, wide.trainer.accelerator, wide.model.width) == (20, "gpu", 64)
    assert type(wide.optimizer).__name__ == "SGDConfig"


def test_targets_become_the_classes_that_they_name(adopted):
    adopted(TREE, "conf")
    from shop.parts import Adam, Net

    train = config("train")
    made = train.optimizer.construct(params=[1])
    assert isinstance(made, Adam)
    assert (made.lr, made.params) == (0.001, [1])
    net = train.model.construct()
    assert isinstance(net, Net)
    assert (net.width, net.more) == (8, {"depth": 2})


def test_options_become_configs_to_choose(adopted, monkeypatch):
    """`trainer=gpu` is `trainer=made.trainer.gpu`; a group of several targets is a union."""
    monkeypatch.setenv("SHOP_ROOT", "/shop")
    adopted(TREE, "conf")
    train = config("train")
    assert poverride(train, ["trainer=made.trainer.gpu"]).trainer.accelerator == "gpu"
    assert poverride(train, ["optimizer=made.optimizer.sgd"]).optimizer.momentum == 0.9
    with_logger = pset(train, {"paths.out": "runs/1"})
    with_logger = poverride(with_logger, ["logger=made.logger.both"])
    assert with_logger.logger.csv.folder == "runs/1"
    assert with_logger.logger.board.folder == "runs/1/board"


def test_what_a_file_cannot_know_must_be_given(adopted):
    done = adopted(TREE, "conf")
    findings = "\n".join(map(str, done.findings))
    assert "paths.out: the source computes it: ${hydra:runtime.output_dir}" in findings
    assert "has settings of Hydra itself" in findings
    assert "conf/debug: is a group that no defaults list names, and is left out" in findings
    train = poverride(config("train"), ["paths.root=/data"])
    assert train.data.path == "/data/data"
    assert done.unset == ["SHOP_ROOT"]


def test_a_target_that_cannot_be_imported_is_listed(adopted):
    tree = {**TREE, "conf/model/net.yaml": "_target_: nowhere.Net\nwidth: 8\ndepth: 1\n"}
    done = adopted(tree, "conf")
    assert done.differences == []
    assert any("write mocks=nowhere.Net once it can be imported" in str(f) for f in done.findings)
    assert "# adopt: write mocks=nowhere.Net" in Path("made/model.py").read_text("utf-8")


def test_nothing_named_is_called(adopted, tmp_path):
    """Targets are looked up, never called, whatever their arguments are."""
    tree = {
        **TREE,
        "conf/model/net.yaml": "_target_: os.mkdir\npath: ran\n",
        "conf/experiment/wide.yaml": "# @package _global_\nseed: 1\n",
    }
    adopted(tree, "conf")
    assert not (tmp_path / "ran").exists()


MISTAKES = [
    "seed=abc",
    "data.batch=many",
    "trainer.epoch=3",
    "optimizer.lr=1e-3x",
    "model.width=64.5",
    "tags=3",
    "trainer=gpuu",
    "sed=12",
]


@pytest.mark.parametrize("word", MISTAKES)
def test_mistakes_that_hydra_lets_pass_are_refused(adopted, word):
    adopted(TREE, "conf")
    with pytest.raises(PConfigError):
        poverride(config("train"), [word])


def test_a_group_without_the_file_is_refused_with_its_options(files):
    files({**TREE, "conf/train.yaml": "defaults:\n  - data: digit\n"})
    with pytest.raises(AdoptError, match=r"conf/train.yaml:2: must name a file of data \(digits\)"):
        read_hydra(Path("conf/train.yaml"))


def test_a_folder_needs_a_main_file(files):
    where = files(TREE)
    shutil.move(where / "conf/train.yaml", where / "conf/a.yaml")
    (where / "conf/b.yaml").write_text("a: 1\n")
    from pconfigs.adoption.reading.readers import read_source

    with pytest.raises(AdoptError, match="conf: must have a main file"):
        read_source(Path("conf"), [])


def test_parts_of_a_target_are_constructed_for_it(adopted):
    """As Hydra does: a target among the arguments of a target is instantiated first."""
    tree = {
        **TREE,
        "conf/model/net.yaml": """
            _target_: shop.parts.Net
            width: 8
            act:
              _target_: shop.parts.Net
              width: 2
            later:
              _target_: shop.parts.Adam
              _partial_: true
              lr: 0.5
            """,
        "conf/experiment/wide.yaml": "# @package _global_\nseed: 1\n",
    }
    done = adopted(tree, "conf")
    assert done.differences == []
    net = config("train").model.construct()
    assert type(net.more["later"]).__name__ == "AdamConfig"
    assert "act: Built[Net" in Path("made/model.py").read_text("utf-8")
    assert any("passes a partial" in str(one) for one in done.findings)


def test_what_is_left_out_is_listed(adopted, folder):
    (folder / "conf" / "oth").mkdir(parents=True)
    (folder / "conf" / "oth" / "up").symlink_to("..")
    main = "defaults:\n  - opt: a\n  - db/one\n  - _self_\nseed: 1\n"
    others = ["opt/a.yml", "opt/deep/b.yaml", "db/two.yaml", "oth/sub/x.yaml", "oth/sub/m/y.yaml"]
    skipped = ["hydra/launcher/z.yaml", ".git/z.yaml"]
    read = {"conf/train.yaml": main, "conf/opt/a.yaml": "lr: 1\n", "conf/db/one.yaml": "q: 1\n"}
    files = {f"conf/{name}": "lr: 2\n" for name in others + skipped}
    done = adopted(read | files, "conf")
    found = [str(one).split("\n")[0] for one in done.findings]
    assert found == [
        "conf/db/two.yaml: is a file that no defaults list chooses, and is left out",
        "conf/opt/a.yml: is left out, as a.yaml has its name",
        "conf/opt/deep: is a group that no defaults list names, and is left out",
        "conf/oth/sub: is a group that no defaults list names, and is left out",
    ]


def test_a_folder_whose_main_file_has_no_defaults_is_read_as_a_whole(adopted):
    files = {"conf/config.yaml": "seed: 1\n", "conf/opt/a.yaml": "lr: 1\n", "conf/b.yaml": "c: 1\n"}
    found = [str(one) for one in adopted(files, "conf").findings]
    assert any(one.startswith("conf/opt: is a group") for one in found)
    assert any(one.startswith("conf/b.yaml: is another main file") for one in found)


def test_files_of_a_folder_that_extend_others_are_listed(adopted):
    files = {"conf/base.yaml": "defaults: top.yaml\na: 1\n", "conf/top.yaml": "a: 2\n"}
    (found,) = adopted(files | {"conf/more.yaml": "defaults: base.yaml\n"}, "conf").findings
    assert str(found).startswith("conf/more.yaml: is left out")


@pytest.mark.parametrize("name", ["odd.Odd", "odd.missing"])
def test_a_target_whose_own_code_fails_is_listed(name, adopted):
    code = """
        class Meta(type):
            @property
            def __signature__(cls):
                raise RuntimeError("no signature")
        class Odd(metaclass=Meta):
            pass
        def __getattr__(name):
            raise RuntimeError(f"no {name}")
        """
    files = {"odd.py": code, "a.yaml": f"m: {{_target_: {name}, x: 1}}\n"}
    (finding,) = adopted(files, "a.yaml").findings
    assert "no signature" in str(finding) or "no missing" in str(finding)
