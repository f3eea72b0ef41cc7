"""chz: `@chz.chz` classes, `init_property` for derived values, blueprints to save and load."""

from __future__ import annotations

import json
from typing import Any

import chz

from benchmarks import work


@chz.chz
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

    @chz.init_property
    def size(self) -> int:
        return self.width * self.depth


HEAD = "@chz.chz"
LEVELS = work.levels_above(Layer, HEAD)


def tree(layers: list[work.Values]) -> Any:
    return work.grow(LEVELS, layers)


def change_layer(config: Any, path: tuple[str, ...], seed: int) -> Any:
    if not path:
        return chz.replace(config, seed=seed)
    return chz.replace(config, **{path[0]: change_layer(getattr(config, path[0]), path[1:], seed)})


@chz.chz
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

    @chz.init_property
    def size(self) -> int | None:
        return None if self.width is None else self.width * self.depth


def tie(config: Any, parts: list[Any]) -> list[Any]:
    if config.width is None:
        return parts
    return [chz.replace(part, width=config.width) for part in parts]


@chz.chz
class TiedGroup:
    blocks: list[TiedBlock] = chz.field(munger=tie)
    width: int | None = None


@chz.chz
class TiedRoot:
    groups: list[TiedGroup] = chz.field(munger=tie)
    width: int


def tied_tree(blocks: list[work.Values]) -> TiedRoot:
    return work.grow_tied(TiedBlock, TiedGroup, TiedRoot, blocks)


def change_tied(config: TiedRoot, seeds: dict[tuple[int, int], int]) -> TiedRoot:
    groups = list(config.groups)
    for (group, place), seed in seeds.items():
        blocks = list(groups[group].blocks)
        blocks[place] = chz.replace(blocks[place], seed=seed)
        groups[group] = chz.replace(groups[group], blocks=blocks)
    return chz.replace(config, groups=groups)


def save_tied(config: TiedRoot) -> str:
    return save(config)


def load_tied(text: str) -> TiedRoot:
    return load(text, TiedRoot)


@chz.chz
class Schedule:
    warmup: int
    total: int
    floor: float
    kind: str


@chz.chz
class Optimizer:
    name: str
    rate: float
    beta1: float
    beta2: float
    schedule: Schedule


@chz.chz
class Encoder:
    width: int
    depth: int
    heads: int
    dropout: float

    @chz.init_property
    def head_width(self) -> int:
        return self.width // self.heads


@chz.chz
class Decoder:
    width: int
    depth: int
    dropout: float
    tied: bool


@chz.chz
class Transformer:
    vocabulary: int
    seed: int
    encoder: Encoder
    decoder: Decoder


@chz.chz
class Data:
    path: str
    batch: int
    shuffle: bool
    workers: int


@chz.chz
class Experiment:
    steps: int
    log_every: int
    seed: int
    precision: str
    model: Transformer
    optimizer: Optimizer
    data: Data

    @chz.init_property
    def tokens(self) -> int:
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
    return chz.replace(
        base,
        model=chz.replace(
            model,
            encoder=chz.replace(model.encoder, width=width),
            decoder=chz.replace(model.decoder, dropout=dropout),
        ),
        optimizer=chz.replace(optimizer, schedule=chz.replace(optimizer.schedule, warmup=warmup)),
    )


@chz.chz
class Level:
    width: int
    leaf: int
    child: Level | None = chz.field(
        default=None,
        munger=lambda level, child: child and chz.replace(child, width=level.width),
    )


def override(level: Level, depth: int, leaf: int) -> Level:
    if depth == 1:
        return chz.replace(level, leaf=leaf)
    assert level.child is not None
    return chz.replace(level, child=override(level.child, depth - 1, leaf))


def definition(fields: list[tuple[str, str]], derived: list[tuple[str, str]]) -> str:
    text = work.class_text("Flat", fields, HEAD)
    for name, source in derived:
        text += f"    @chz.init_property\n    def {name}(self) -> int:\n"
        text += f"        return self.{source} * 2\n"
    return text


def vary(base: Any, **changes: Any) -> Any:
    return chz.replace(base, **changes)


def code(config: Any) -> str:
    return chz.data_model.pretty_format(config, colored=False)


def save(config: Any) -> str:
    values = chz.beta_to_blueprint_values(config)  # flat; the class of each part is among them
    return json.dumps({path: value for path, value in values.items() if type(value) is not type})


def load(text: str, cls: Any) -> Any:
    return chz.Blueprint(cls).apply(json.loads(text)).make()


def system_block(name: str, fields: list[tuple[str, str]]) -> str:
    return (
        work.class_text(name, fields, HEAD)
        + "    width: int | None = None\n"
        + "    @chz.init_property\n    def size(self) -> int | None:\n"
        + "        return None if self.width is None else self.width * self.f0\n"
    )


def system_parts(name: str, parts: dict[str, str]) -> str:
    munged = [(part, f"{cls} = chz.field(munger=tie_one)") for part, cls in parts.items()]
    text = work.class_text(name, munged, HEAD)
    return text + (
        "    width: int\n    data: Data\n" if name == "System" else "    width: int | None = None\n"
    )


def tie_one(config: Any, part: Any) -> Any:
    return part if config.width is None else chz.replace(part, width=config.width)


def put(config: Any, path: str, value: Any) -> Any:
    name, _, rest = path.partition(".")
    inner = put(getattr(config, name), rest, value) if rest else value
    return chz.replace(config, **{name: inner})


save_system, load_system = save, load
