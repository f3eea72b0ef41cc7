"""ml_collections: `ConfigDict` trees made by functions, derived values by lazy field references."""

from __future__ import annotations

import copy
import json
from typing import Any

from ml_collections import ConfigDict

from benchmarks import work


def layer(**values: Any) -> ConfigDict:
    config = ConfigDict(values)
    config.size = config.get_ref("width") * config.get_ref("depth")
    return config


def group(**parts: Any) -> ConfigDict:
    return ConfigDict(parts)


def tree(layers: list[work.Values]) -> Any:
    return work.grow([layer] + [group] * len(work.ABOVE_LAYER), layers)


def change_layers(config: Any, seeds: dict[tuple[str, ...], int]) -> Any:
    changed = copy.deepcopy(config)
    for path, seed in seeds.items():
        work.part(changed, path).seed = seed
    return changed


def experiment(values: work.Values) -> ConfigDict:
    config = ConfigDict(values)
    encoder = config.model.encoder
    encoder.head_width = encoder.get_ref("width") // encoder.get_ref("heads")
    config.tokens = config.get_ref("steps") * config.data.get_ref("batch")
    return config


def variant(base: ConfigDict, warmup: int, width: int, dropout: float) -> ConfigDict:
    config = copy.deepcopy(base)
    config.optimizer.schedule.warmup = warmup
    config.model.encoder.width = width
    config.model.decoder.dropout = dropout
    return config


def Level(width: int, leaf: int, child: Any = None) -> ConfigDict:  # noqa: N802 - in place of a class
    config = ConfigDict({"width": width, "leaf": leaf, "child": child})
    below = child
    while below is not None:
        below.width = config.get_ref("width")
        below = below.child
    return config


def override(level: ConfigDict, depth: int, leaf: int) -> ConfigDict:
    config = copy.deepcopy(level)
    work.part(config, ["child"] * (depth - 1)).leaf = leaf
    return config


def definition(fields: list[tuple[str, str]], derived: list[tuple[str, str]]) -> str:
    text = "def Flat(**values):\n    config = ConfigDict()\n"
    text += "".join(f"    config.{name} = values[{name!r}]\n" for name, _ in fields)
    text += "".join(
        f"    config.{name} = config.get_ref({source!r}) * 2\n" for name, source in derived
    )
    return text + "    return config\n"


def vary(base: ConfigDict, **changes: Any) -> ConfigDict:
    config = copy.deepcopy(base)
    config.update(changes)
    return config


def code(config: ConfigDict) -> str:
    return str(config)


def save(config: ConfigDict) -> str:
    return config.to_json()


def load(text: str, _: Any) -> ConfigDict:
    return ConfigDict(json.loads(text))
