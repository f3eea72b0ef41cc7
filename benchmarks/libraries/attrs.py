"""attrs: `@frozen` classes, `evolve` for variants, cattrs for JSON."""

from __future__ import annotations

import functools
from typing import Any

from attrs import evolve, field, frozen

from benchmarks import work


@frozen(kw_only=True)
class Layer:
    name: str
    width: int
    depth: int
    heads: int
    dropout: float
    rate: float
    bias: bool
    activation: str
    seed: int
    size: int = field(init=False)

    @size.default
    def _(self) -> int:
        return self.width * self.depth


HEAD = "@frozen(kw_only=True)"
LEVELS = work.levels_above(Layer, HEAD)


def tree(layers: list[work.Values]) -> Any:
    return work.grow(LEVELS, layers)


def change_layer(config: Any, path: tuple[str, ...], seed: int) -> Any:
    if not path:
        return evolve(config, seed=seed)
    return evolve(config, **{path[0]: change_layer(getattr(config, path[0]), path[1:], seed)})


@frozen(kw_only=True)
class TiedBlock:
    name: str
    depth: int
    heads: int
    dropout: float
    rate: float
    bias: bool
    activation: str
    seed: int
    width: int | None = None
    size: int | None = field(init=False)

    @size.default
    def _(self) -> int | None:
        return None if self.width is None else self.width * self.depth


@frozen(kw_only=True)
class TiedGroup:
    blocks: list[TiedBlock]
    width: int | None = None

    def __attrs_post_init__(self) -> None:
        if self.width is not None:
            blocks = [evolve(block, width=self.width) for block in self.blocks]
            object.__setattr__(self, "blocks", blocks)


@frozen(kw_only=True)
class TiedRoot:
    groups: list[TiedGroup]
    width: int

    def __attrs_post_init__(self) -> None:
        groups = [evolve(group, width=self.width) for group in self.groups]
        object.__setattr__(self, "groups", groups)


def tied_tree(blocks: list[work.Values]) -> TiedRoot:
    return work.grow_tied(TiedBlock, TiedGroup, TiedRoot, blocks)


def change_tied(config: TiedRoot, seeds: dict[tuple[int, int], int]) -> TiedRoot:
    groups = list(config.groups)
    for (group, place), seed in seeds.items():
        blocks = list(groups[group].blocks)
        blocks[place] = evolve(blocks[place], seed=seed)
        groups[group] = evolve(groups[group], blocks=blocks)
    return evolve(config, groups=groups)


@frozen(kw_only=True)
class Schedule:
    warmup: int
    total: int
    floor: float
    kind: str


@frozen(kw_only=True)
class Optimizer:
    name: str
    rate: float
    beta1: float
    beta2: float
    schedule: Schedule


@frozen(kw_only=True)
class Encoder:
    width: int
    depth: int
    heads: int
    dropout: float
    head_width: int = field(init=False)

    @head_width.default
    def _(self) -> int:
        return self.width // self.heads


@frozen(kw_only=True)
class Decoder:
    width: int
    depth: int
    dropout: float
    tied: bool


@frozen(kw_only=True)
class Transformer:
    vocabulary: int
    seed: int
    encoder: Encoder
    decoder: Decoder


@frozen(kw_only=True)
class Data:
    path: str
    batch: int
    shuffle: bool
    workers: int


@frozen(kw_only=True)
class Experiment:
    steps: int
    log_every: int
    seed: int
    precision: str
    model: Transformer
    optimizer: Optimizer
    data: Data
    tokens: int = field(init=False)

    @tokens.default
    def _(self) -> int:
        return self.steps * self.data.batch


def experiment(values: work.Values) -> Experiment:
    model, optimizer = values["model"], values["optimizer"]
    return Experiment(
        **values
        | {
            "model": Transformer(
                **model
                | {"encoder": Encoder(**model["encoder"]), "decoder": Decoder(**model["decoder"])}
            ),
            "optimizer": Optimizer(**optimizer | {"schedule": Schedule(**optimizer["schedule"])}),
            "data": Data(**values["data"]),
        }
    )


def variant(base: Experiment, warmup: int, width: int, dropout: float) -> Experiment:
    model, optimizer = base.model, base.optimizer
    return evolve(
        base,
        model=evolve(
            model,
            encoder=evolve(model.encoder, width=width),
            decoder=evolve(model.decoder, dropout=dropout),
        ),
        optimizer=evolve(optimizer, schedule=evolve(optimizer.schedule, warmup=warmup)),
    )


@frozen(kw_only=True)
class Level:
    width: int
    leaf: int
    child: Level | None = None

    def __attrs_post_init__(self) -> None:
        child = self.child
        if child is not None and child.width != self.width:
            object.__setattr__(self, "child", evolve(child, width=self.width))


def override(level: Level, depth: int, leaf: int) -> Level:
    if depth == 1:
        return evolve(level, leaf=leaf)
    assert level.child is not None
    return evolve(level, child=override(level.child, depth - 1, leaf))


def definition(fields: list[tuple[str, str]], derived: list[tuple[str, str]]) -> str:
    text = work.class_text("Flat", fields, HEAD)
    for name, source in derived:
        text += f"    {name}: int = field(init=False)\n    @{name}.default\n"
        text += f"    def _(self):\n        return self.{source} * 2\n"
    return text


def vary(base: Any, **changes: Any) -> Any:
    return evolve(base, **changes)


@functools.cache
def converter() -> Any:
    from cattrs.preconf.json import make_converter

    return make_converter()


def save(config: Any) -> str:
    return converter().dumps(config)


def load(text: str, cls: Any) -> Any:
    return converter().loads(text, cls)


def save_tied(config: TiedRoot) -> str:
    return save(config)


def load_tied(text: str) -> TiedRoot:
    return load(text, TiedRoot)


def system_block(name: str, fields: list[tuple[str, str]]) -> str:
    return (
        work.class_text(name, fields, HEAD)
        + "    width: int | None = None\n    size: int | None = field(init=False)\n"
        + "    @size.default\n    def _(self):\n"
        + "        return None if self.width is None else self.width * self.f0\n"
    )


def system_parts(name: str, parts: dict[str, str]) -> str:
    text = work.class_text(name, list(parts.items()), HEAD)
    top = name == "System"
    text += "    width: int\n    data: Data\n" if top else "    width: int | None = None\n"
    text += "    def __attrs_post_init__(self):\n        if self.width is not None:\n"
    for part in parts:
        text += f"            tied = evolve(self.{part}, width=self.width)\n"
        text += f"            object.__setattr__(self, '{part}', tied)\n"
    return text


def put(config: Any, path: str, value: Any) -> Any:
    name, _, rest = path.partition(".")
    return evolve(config, **{name: put(getattr(config, name), rest, value) if rest else value})


save_system, load_system = save, load
