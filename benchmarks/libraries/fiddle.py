"""fiddle: `fdl.Config` trees over the reference's dataclasses, built when they are to be used.

What its users vary, print, save and compare is the unbuilt tree, which has no derived values. So
only `tree` pays for building; variants are checked by building them, untimed, in `finish`.
"""

from __future__ import annotations

import copy
import functools
from typing import Any

import fiddle as fdl

from benchmarks import work
from benchmarks.libraries import dataclass as classes

LEVELS = [functools.partial(fdl.Config, cls) for cls in classes.LEVELS]


def draft(layers: list[work.Values]) -> Any:
    return work.grow(LEVELS, layers)


def tree(layers: list[work.Values]) -> Any:
    return fdl.build(draft(layers))


def finish(config: Any) -> Any:
    return fdl.build(config)


def change_layers(config: Any, seeds: dict[tuple[str, ...], int]) -> Any:
    changed = copy.deepcopy(config)
    for path, seed in seeds.items():
        work.part(changed, path).seed = seed
    return changed


def experiment(values: work.Values) -> Any:
    model, optimizer = values["model"], values["optimizer"]
    return fdl.Config(
        classes.Experiment,
        **values
        | {
            "model": fdl.Config(
                classes.Transformer,
                **model
                | {
                    "encoder": fdl.Config(classes.Encoder, **model["encoder"]),
                    "decoder": fdl.Config(classes.Decoder, **model["decoder"]),
                },
            ),
            "optimizer": fdl.Config(
                classes.Optimizer,
                **optimizer | {"schedule": fdl.Config(classes.Schedule, **optimizer["schedule"])},
            ),
            "data": fdl.Config(classes.Data, **values["data"]),
        },
    )


def variant(base: Any, warmup: int, width: int, dropout: float) -> Any:
    config = copy.deepcopy(base)
    config.optimizer.schedule.warmup = warmup
    config.model.encoder.width = width
    config.model.decoder.dropout = dropout
    return config


def Level(**values: Any) -> Any:  # noqa: N802 - in place of a class
    return fdl.Config(classes.Level, **values)


def override(level: Any, depth: int, leaf: int) -> Any:
    config = copy.deepcopy(level)
    work.part(config, ["child"] * (depth - 1)).leaf = leaf
    return config


def definition(fields: list[tuple[str, str]], derived: list[tuple[str, str]]) -> str:
    text = "from dataclasses import dataclass, field\n" + classes.definition(fields, derived)
    return (
        text + "FlatClass = Flat\ndef Flat(**values):\n    return fdl.Config(FlatClass, **values)\n"
    )


def vary(base: Any, **changes: Any) -> Any:
    return fdl.copy_with(base, **changes)


def code(config: Any) -> str:
    from fiddle import printing

    return printing.as_str_flattened(config)


def save(config: Any) -> str:
    from fiddle.experimental import serialization

    return serialization.dump_json(config)


def load(text: str, _: Any) -> Any:
    from fiddle.experimental import serialization

    return serialization.load_json(text)


def diff(before: Any, after: Any) -> list[str]:
    from fiddle import daglish, diffing

    changes = diffing.build_diff(before, after).changes
    return [daglish.path_str(change.target)[1:] for change in changes]
