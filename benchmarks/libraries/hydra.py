"""Hydra's OmegaConf configs: typed by dataclasses, derived values by interpolation."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from omegaconf import MISSING, OmegaConf

from benchmarks import work

OmegaConf.register_new_resolver("multiply", lambda a, b: a * b)
OmegaConf.register_new_resolver("divide", lambda a, b: a // b)


@dataclass
class Layer:
    name: str = MISSING
    width: int = MISSING
    depth: int = MISSING
    heads: int = MISSING
    dropout: float = MISSING
    rate: float = MISSING
    bias: bool = MISSING
    activation: str = MISSING
    seed: int = MISSING
    size: int = "${multiply:${.width},${.depth}}"


LEVELS = work.levels_above(Layer, "@dataclass")


def tree(layers: list[work.Values]) -> Any:
    return OmegaConf.structured(work.grow(LEVELS, layers))


def change_layers(config: Any, seeds: dict[tuple[str, ...], int]) -> Any:
    changes = [".".join(path) + f".seed={seed}" for path, seed in seeds.items()]
    return OmegaConf.merge(config, OmegaConf.from_dotlist(changes))


@dataclass
class Schedule:
    warmup: int = MISSING
    total: int = MISSING
    floor: float = MISSING
    kind: str = MISSING


@dataclass
class Optimizer:
    name: str = MISSING
    rate: float = MISSING
    beta1: float = MISSING
    beta2: float = MISSING
    schedule: Schedule = MISSING


@dataclass
class Encoder:
    width: int = MISSING
    depth: int = MISSING
    heads: int = MISSING
    dropout: float = MISSING
    head_width: int = "${divide:${.width},${.heads}}"


@dataclass
class Decoder:
    width: int = MISSING
    depth: int = MISSING
    dropout: float = MISSING
    tied: bool = MISSING


@dataclass
class Transformer:
    vocabulary: int = MISSING
    seed: int = MISSING
    encoder: Encoder = MISSING
    decoder: Decoder = MISSING


@dataclass
class Data:
    path: str = MISSING
    batch: int = MISSING
    shuffle: bool = MISSING
    workers: int = MISSING


@dataclass
class Experiment:
    steps: int = MISSING
    log_every: int = MISSING
    seed: int = MISSING
    precision: str = MISSING
    model: Transformer = MISSING
    optimizer: Optimizer = MISSING
    data: Data = MISSING
    tokens: int = "${multiply:${.steps},${.data.batch}}"


def experiment(values: work.Values) -> Any:
    return OmegaConf.merge(OmegaConf.structured(Experiment), values)


def variant(base: Any, warmup: int, width: int, dropout: float) -> Any:
    changes = {
        "optimizer": {"schedule": {"warmup": warmup}},
        "model": {"encoder": {"width": width}, "decoder": {"dropout": dropout}},
    }
    return OmegaConf.merge(base, changes)


def Level(width: int, leaf: int, child: Any = None) -> Any:  # noqa: N802 - in place of a class
    config = OmegaConf.create({"width": width, "leaf": leaf, "child": child})
    if child is not None:
        config.child.width = "${..width}"
    return config


def override(level: Any, depth: int, leaf: int) -> Any:
    change: Any = {"leaf": leaf}
    for _ in range(depth - 1):
        change = {"child": change}
    return OmegaConf.merge(level, change)


def definition(fields: list[tuple[str, str]], derived: list[tuple[str, str]]) -> str:
    text = "@dataclass\nclass Schema:\n"
    text += "".join(f"    {name}: {kind} = MISSING\n" for name, kind in fields)
    text += "".join(
        f'    {name}: int = "${{multiply:${{.{source}}},2}}"\n' for name, source in derived
    )
    return text + "def Flat(**values):\n    return OmegaConf.structured(Schema(**values))\n"


def vary(base: Any, **changes: Any) -> Any:
    return OmegaConf.merge(base, changes)


def code(config: Any) -> str:
    return OmegaConf.to_yaml(config)


def save(config: Any) -> str:
    return json.dumps(OmegaConf.to_container(config))


def load(text: str, _: Any) -> Any:
    return OmegaConf.create(json.loads(text))
