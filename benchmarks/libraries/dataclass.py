"""The reference: frozen standard-library dataclasses, with everything else written by hand."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from benchmarks import work


@dataclass(frozen=True, kw_only=True)
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

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", self.width * self.depth)


HEAD = "@dataclass(frozen=True, kw_only=True)"
LEVELS = work.levels_above(Layer, HEAD)


def tree(layers: list[work.Values]) -> Any:
    return work.grow(LEVELS, layers)


def change_layer(config: Any, path: tuple[str, ...], seed: int) -> Any:
    if not path:
        return replace(config, seed=seed)
    return replace(config, **{path[0]: change_layer(getattr(config, path[0]), path[1:], seed)})


@dataclass(frozen=True, kw_only=True)
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
    size: int | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if self.width is not None:
            object.__setattr__(self, "size", self.width * self.depth)


@dataclass(frozen=True, kw_only=True)
class TiedGroup:
    blocks: list[TiedBlock]
    width: int | None = None

    def __post_init__(self) -> None:
        if self.width is not None:
            blocks = [replace(block, width=self.width) for block in self.blocks]
            object.__setattr__(self, "blocks", blocks)


@dataclass(frozen=True, kw_only=True)
class TiedRoot:
    groups: list[TiedGroup]
    width: int

    def __post_init__(self) -> None:
        groups = [replace(group, width=self.width) for group in self.groups]
        object.__setattr__(self, "groups", groups)


def tied_tree(blocks: list[work.Values]) -> TiedRoot:
    return work.grow_tied(TiedBlock, TiedGroup, TiedRoot, blocks)


def save_tied(config: TiedRoot) -> str:
    groups = [
        {
            "blocks": [
                {
                    "name": block.name,
                    "depth": block.depth,
                    "heads": block.heads,
                    "dropout": block.dropout,
                    "rate": block.rate,
                    "bias": block.bias,
                    "activation": block.activation,
                    "seed": block.seed,
                }
                for block in group.blocks
            ]
        }
        for group in config.groups
    ]
    return json.dumps({"groups": groups, "width": config.width})


def load_tied(text: str) -> TiedRoot:
    data = json.loads(text)
    groups = [
        TiedGroup(blocks=[TiedBlock(**block) for block in group["blocks"]])
        for group in data["groups"]
    ]
    return TiedRoot(groups=groups, width=data["width"])


def change_tied(config: TiedRoot, seeds: dict[tuple[int, int], int]) -> TiedRoot:
    groups = list(config.groups)
    for (group, place), seed in seeds.items():
        blocks = list(groups[group].blocks)
        blocks[place] = replace(blocks[place], seed=seed)
        groups[group] = replace(groups[group], blocks=blocks)
    return replace(config, groups=groups)


@dataclass(frozen=True, kw_only=True)
class Schedule:
    warmup: int
    total: int
    floor: float
    kind: str


@dataclass(frozen=True, kw_only=True)
class Optimizer:
    name: str
    rate: float
    beta1: float
    beta2: float
    schedule: Schedule


@dataclass(frozen=True, kw_only=True)
class Encoder:
    width: int
    depth: int
    heads: int
    dropout: float
    head_width: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "head_width", self.width // self.heads)


@dataclass(frozen=True, kw_only=True)
class Decoder:
    width: int
    depth: int
    dropout: float
    tied: bool


@dataclass(frozen=True, kw_only=True)
class Transformer:
    vocabulary: int
    seed: int
    encoder: Encoder
    decoder: Decoder


@dataclass(frozen=True, kw_only=True)
class Data:
    path: str
    batch: int
    shuffle: bool
    workers: int


@dataclass(frozen=True, kw_only=True)
class Experiment:
    steps: int
    log_every: int
    seed: int
    precision: str
    model: Transformer
    optimizer: Optimizer
    data: Data
    tokens: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tokens", self.steps * self.data.batch)


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
    return replace(
        base,
        model=replace(
            model,
            encoder=replace(model.encoder, width=width),
            decoder=replace(model.decoder, dropout=dropout),
        ),
        optimizer=replace(optimizer, schedule=replace(optimizer.schedule, warmup=warmup)),
    )


@dataclass(frozen=True, kw_only=True)
class Level:
    width: int
    leaf: int
    child: Level | None = None

    def __post_init__(self) -> None:
        child = self.child
        if child is not None and child.width != self.width:
            object.__setattr__(self, "child", replace(child, width=self.width))


def override(level: Level, depth: int, leaf: int) -> Level:
    if depth == 1:
        return replace(level, leaf=leaf)
    assert level.child is not None
    return replace(level, child=override(level.child, depth - 1, leaf))


def definition(fields: list[tuple[str, str]], derived: list[tuple[str, str]]) -> str:
    text = work.class_text("Flat", fields, HEAD)
    text += "".join(f"    {name}: int = field(init=False)\n" for name, _ in derived)
    if derived:
        text += "    def __post_init__(self):\n"
        for name, source in derived:
            text += f"        object.__setattr__(self, {name!r}, self.{source} * 2)\n"
    return text


def vary(base: Any, **changes: Any) -> Any:
    return replace(base, **changes)


def code(config: Any) -> str:
    import black

    return black.format_str(repr(config), mode=black.Mode())


LAYER_INPUTS = tuple(item.name for item in fields(Layer) if item.init)


def to_data(config: Any) -> Any:
    if type(config) is Layer:
        return {
            "name": config.name,
            "width": config.width,
            "depth": config.depth,
            "heads": config.heads,
            "dropout": config.dropout,
            "rate": config.rate,
            "bias": config.bias,
            "activation": config.activation,
            "seed": config.seed,
        }
    return {name: to_data(getattr(config, name)) for name in work.PARTS}


def from_data(data: Any, cls: Any) -> Any:
    if cls is Layer:
        return Layer(**data)
    below = LEVELS[LEVELS.index(cls) - 1]
    return cls(**{name: from_data(data[name], below) for name in work.PARTS})


def save(config: Any) -> str:
    return json.dumps(to_data(config))


def load(text: str, cls: Any) -> Any:
    return from_data(json.loads(text), cls)


def diff(before: Any, after: Any, path: str = "") -> list[str]:
    if before is after:
        return []
    if type(before) is Layer:
        names = LAYER_INPUTS
        return [path + name for name in names if getattr(before, name) != getattr(after, name)]
    changes = []
    for name in work.PARTS:
        changes += diff(getattr(before, name), getattr(after, name), f"{path}{name}.")
    return changes


def system_block(name: str, fields_of: list[tuple[str, str]]) -> str:
    return (
        work.class_text(name, fields_of, HEAD)
        + "    width: int | None = None\n"
        + "    size: int | None = field(init=False, default=None)\n"
        + "    def __post_init__(self):\n"
        + "        if self.width is not None:\n"
        + "            object.__setattr__(self, 'size', self.width * self.f0)\n"
    )


def system_parts(name: str, parts: dict[str, str]) -> str:
    text = work.class_text(name, list(parts.items()), HEAD)
    if name == "System":
        text += "    width: int\n    data: Data\n"
    else:
        text += "    width: int | None = None\n"
    text += "    def __post_init__(self):\n        if self.width is not None:\n"
    for part in parts:
        text += f"            tied = replace(self.{part}, width=self.width)\n"
        text += f"            object.__setattr__(self, '{part}', tied)\n"
    return text


def put(config: Any, path: str, value: Any) -> Any:
    name, _, rest = path.partition(".")
    return replace(config, **{name: put(getattr(config, name), rest, value) if rest else value})


def plain(config: Any, tied: tuple[str, ...] = ("size",)) -> Any:
    return {
        name: plain(value, ("width", "size")) if is_dataclass(value) else value
        for name, value in vars(config).items()
        if name not in tied
    }


def save_system(config: Any) -> str:
    return json.dumps(plain(config))


def load_system(text: str, cls: Any) -> Any:
    scope = vars(sys.modules[cls.__module__])

    def build(cls: Any, values: dict[str, Any]) -> Any:
        parts = cls.__annotations__
        return cls(
            **{
                name: build(scope[parts[name]], value) if isinstance(value, dict) else value
                for name, value in values.items()
            }
        )

    return build(cls, json.loads(text))


def diff_system(before: Any, after: Any, path: str = "") -> list[str]:
    if before is after:
        return []
    changes = []
    other = vars(after)
    for name, value in vars(before).items():
        if is_dataclass(value):
            changes += diff_system(value, other[name], f"{path}{name}.")
        elif value != other[name]:
            changes.append(path + name)
    return changes


def diff_tied(before: TiedRoot, after: TiedRoot) -> list[str]:
    changes = []
    for group, (one, other) in enumerate(zip(before.groups, after.groups, strict=True)):
        if one is other:
            continue
        for place, (ours, theirs) in enumerate(zip(one.blocks, other.blocks, strict=True)):
            if ours is not theirs:
                changes += [
                    f"groups[{group}].blocks[{place}].{name}"
                    for name in TIED_INPUTS
                    if getattr(ours, name) != getattr(theirs, name)
                ]
    return changes


TIED_INPUTS = tuple(item.name for item in fields(TiedBlock) if item.init)
