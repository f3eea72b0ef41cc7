"""Sources of our own, in the shapes that other tools have."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from pconfigs.adoption.reading.readers import read_source
from pconfigs.adoption.result import adopt
from tests.modules import forget_modules

WITHOUT_MYPY = {"mypy.py": "raise SystemExit(2)"}
"""A file that `adopt` starts in place of mypy, which takes a second; mypy has tests of its own."""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A current folder from which modules are imported; they are forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    forget_modules(tmp_path)


@pytest.fixture
def files(folder):
    """Write files, given as `path=text`, and return the folder."""

    def write(texts: dict[str, str]) -> Path:
        for name, text in texts.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        return folder

    return write


@pytest.fixture
def adopted(files):
    """Adopt files and return what was done."""

    def run(texts: dict[str, str], source: str, *others: str, package: str = "made"):
        where = files(texts)
        found = read_source(Path(source), [Path(one) for one in others])
        return adopt(found, where / package, package, force=True)

    return run


RECIPES = {
    "base.yaml": """
        # Post-training of a small model.

        policy:
          model: tiny  # a name on the hub
          longest: 512
          tokenizer:
            name: ${policy.model}
          packing:
            enabled: true
            tokens: ${mul:${policy.longest},${policy.batch}}
          batch: 4
          optimizer:
            name: torch.optim.AdamW
            kwargs: {lr: 1e-6, betas: [0.9, 0.999]}
          generation:
            # Longest answer, in tokens.
            # precision: bf16
            max_new: ${policy.longest}
            top_k: null
            engine:
              length: ${policy.longest}
              label: "${policy.model}-${.length}"
          megatron:
            enabled: false
            lr: ${policy.optimizer.kwargs.lr}
        data:
          seed: ${seed}
          longest: ${policy.longest}
          lambda: 1
        seed: 42
        steps: ???
        """,
    "recipes/long.yaml": """
        # A longer one.
        defaults: ../base.yaml
        policy:
          longest: 4096
          generation:
            engine:
              length: 8192
        steps: 10
        """,
    "recipes/long-8.v2.yaml": """
        defaults: long.yaml
        policy:
          batch: 8
          megatron: null
          extra: 3
        """,
}

SHOP = '''
    """Classes that a source names."""


    class Adam:
        def __init__(self, params, lr: float = 0.1, weight_decay: float = 0.0, hook=None):
            self.params, self.lr = params, lr


    class SGD:
        def __init__(self, params, lr: float = 0.1, momentum: float = 0.0):
            self.params, self.lr = params, lr


    class Net:
        def __init__(self, width: int = 8, act: object = None, **more):
            self.width, self.more = width, more


    class Trainer:
        def __init__(self, epochs: int = 1, accelerator: str = "cpu", devices: int = 1, clip=None):
            self.epochs = epochs


    def build(width: int = 3, *, net: object = None):
        return width
    '''

TREE = {
    "shop/__init__.py": "",
    "shop/parts.py": SHOP,
    "conf/train.yaml": """
        # @package _global_

        # The main file.

        defaults:
          - _self_
          - data: digits
          - model: net
          - optimizer: adam
          - trainer: default
          - logger: null
          - paths: default
          - hydra: default
          - experiment: null
          - optional local: default

        # name of the task
        task: train
        tags: [dev]
        seed: null
        train: True
        """,
    "conf/data/digits.yaml": """
        path: ${paths.data}
        batch: 32 # per device
        split: [55_000, 5_000]
        """,
    "conf/model/net.yaml": """
        _target_: shop.parts.Net
        width: 8
        depth: 2
        """,
    "conf/optimizer/adam.yaml": """
        _target_: shop.parts.Adam
        _partial_: true
        lr: 0.001
        weight_decay: 0
        """,
    "conf/optimizer/sgd.yaml": """
        _target_: shop.parts.SGD
        _partial_: true
        lr: 0.1
        momentum: 0.9
        """,
    "conf/trainer/default.yaml": """
        _target_: shop.parts.Trainer
        epochs: 10
        accelerator: cpu
        devices: 1
        """,
    "conf/trainer/gpu.yaml": """
        # On one GPU.
        defaults:
          - default
        accelerator: gpu
        """,
    "conf/logger/csv.yaml": """
        csv:
          folder: ${paths.out}
        """,
    "conf/logger/both.yaml": """
        defaults:
          - csv
          - _self_
        board:
          folder: "${paths.out}/board"
        """,
    "conf/paths/default.yaml": """
        root: ${oc.env:SHOP_ROOT}
        data: ${paths.root}/data
        out: ${hydra:runtime.output_dir}
        """,
    "conf/hydra/default.yaml": """
        run:
          dir: ${paths.root}/runs
        """,
    "conf/experiment/wide.yaml": """
        # @package _global_

        # A wider net.

        defaults:
          - override /optimizer: sgd
          - override /trainer: gpu

        tags: [wide]
        seed: 12345
        model:
          width: 64
        trainer:
          epochs: 20
          clip: 0.5
        """,
    "conf/debug/fast.yaml": """
        # @package _global_
        trainer:
          epochs: 1
        logger: null
        """,
}
