"""pydantic: frozen models; derived values are computed fields, worked out at each read."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, computed_field, model_validator

from benchmarks import work


class Layer(BaseModel, frozen=True):
    name: str
    width: int
    depth: int
    heads: int
    dropout: float
    rate: float
    bias: bool
    activation: str
    seed: int

    @computed_field
    @property
    def size(self) -> int:
        return self.width * self.depth


HEAD = ""
BASE = "(BaseModel, frozen=True)"
LEVELS = work.levels_above(Layer, HEAD, BASE)


def tree(layers: list[work.Values]) -> Any:
    return work.grow(LEVELS, layers)


def change_layer(config: Any, path: tuple[str, ...], seed: int) -> Any:
    if not path:
        return config.model_copy(update={"seed": seed})
    changed = change_layer(getattr(config, path[0]), path[1:], seed)
    return config.model_copy(update={path[0]: changed})


class TiedBlock(BaseModel, frozen=True):
    name: str
    depth: int
    heads: int
    dropout: float
    rate: float
    bias: bool
    activation: str
    seed: int
    width: int | None = None

    @computed_field
    @property
    def size(self) -> int | None:
        return None if self.width is None else self.width * self.depth


class TiedGroup(BaseModel, frozen=True):
    blocks: list[TiedBlock]
    width: int | None = None

    @model_validator(mode="after")
    def tie(self) -> TiedGroup:
        if self.width is not None:
            tied = [block.model_copy(update={"width": self.width}) for block in self.blocks]
            self.__dict__["blocks"] = tied
        return self


class TiedRoot(BaseModel, frozen=True):
    groups: list[TiedGroup]
    width: int

    @model_validator(mode="after")
    def tie(self) -> TiedRoot:
        tied = [TiedGroup(blocks=group.blocks, width=self.width) for group in self.groups]
        self.__dict__["groups"] = tied
        return self


def tied_tree(blocks: list[work.Values]) -> TiedRoot:
    return work.grow_tied(TiedBlock, TiedGroup, TiedRoot, blocks)


def change_tied(config: TiedRoot, seeds: dict[tuple[int, int], int]) -> TiedRoot:
    groups = list(config.groups)
    for (group, place), seed in seeds.items():
        blocks = list(groups[group].blocks)
        blocks[place] = blocks[place].model_copy(update={"seed": seed})
        groups[group] = groups[group].model_copy(update={"blocks": blocks})
    return TiedRoot(groups=groups, width=config.width)


class Schedule(BaseModel, frozen=True):
    warmup: int
    total: int
    floor: float
    kind: str


class Optimizer(BaseModel, frozen=True):
    name: str
    rate: float
    beta1: float
    beta2: float
    schedule: Schedule


class Encoder(BaseModel, frozen=True):
    width: int
    depth: int
    heads: int
    dropout: float

    @computed_field
    @property
    def head_width(self) -> int:
        return self.width // self.heads


class Decoder(BaseModel, frozen=True):
    width: int
    depth: int
    dropout: float
    tied: bool


class Transformer(BaseModel, frozen=True):
    vocabulary: int
    seed: int
    encoder: Encoder
    decoder: Decoder


class Data(BaseModel, frozen=True):
    path: str
    batch: int
    shuffle: bool
    workers: int


class Experiment(BaseModel, frozen=True):
    steps: int
    log_every: int
    seed: int
    precision: str
    model: Transformer
    optimizer: Optimizer
    data: Data

    @computed_field
    @property
    def tokens(self) -> int:
        return self.steps * self.data.batch


def experiment(values: work.Values) -> Experiment:
    return Experiment.model_validate(values)


def variant(base: Experiment, warmup: int, width: int, dropout: float) -> Experiment:
    model, optimizer = base.model, base.optimizer
    schedule = optimizer.schedule.model_copy(update={"warmup": warmup})
    parts = {
        "encoder": model.encoder.model_copy(update={"width": width}),
        "decoder": model.decoder.model_copy(update={"dropout": dropout}),
    }
    return base.model_copy(
        update={
            "model": model.model_copy(update=parts),
            "optimizer": optimizer.model_copy(update={"schedule": schedule}),
        }
    )


class Level(BaseModel, frozen=True):
    width: int
    leaf: int
    child: Level | None = None

    @model_validator(mode="after")
    def tie(self) -> Level:
        child = self.child
        if child is not None and child.width != self.width:
            object.__setattr__(self, "child", Level(**{**dict(child), "width": self.width}))
        return self


def override(level: Level, depth: int, leaf: int) -> Level:
    if depth == 1:
        return level.model_copy(update={"leaf": leaf})
    assert level.child is not None
    return level.model_copy(update={"child": override(level.child, depth - 1, leaf)})


def definition(fields: list[tuple[str, str]], derived: list[tuple[str, str]]) -> str:
    text = work.class_text("Flat", fields, HEAD, BASE)
    for name, source in derived:
        text += f"    @computed_field\n    @property\n    def {name}(self) -> int:\n"
        text += f"        return self.{source} * 2\n"
    return text


def vary(base: Any, **changes: Any) -> Any:
    return base.model_copy(update=changes)


def save(config: Any) -> str:
    return config.model_dump_json()


def load(text: str, cls: Any) -> Any:
    return cls.model_validate_json(text)


def save_tied(config: TiedRoot) -> str:
    return config.model_dump_json()


def load_tied(text: str) -> TiedRoot:
    return TiedRoot.model_validate_json(text)


def system_block(name: str, fields: list[tuple[str, str]]) -> str:
    return (
        work.class_text(name, fields, HEAD, BASE)
        + "    width: int | None = None\n"
        + "    @computed_field\n    @property\n    def size(self) -> int | None:\n"
        + "        return None if self.width is None else self.width * self.f0\n"
    )


def system_parts(name: str, parts: dict[str, str]) -> str:
    text = work.class_text(name, list(parts.items()), HEAD, BASE)
    top = name == "System"
    text += "    width: int\n    data: Data\n" if top else "    width: int | None = None\n"
    text += f"    @model_validator(mode='after')\n    def tie(self) -> {name}:\n"
    text += "        if self.width is not None:\n"
    for part, cls in parts.items():
        text += f"            tied = {cls}(**{{**dict(self.{part}), 'width': self.width}})\n"
        text += f"            self.__dict__['{part}'] = tied\n"
    return text + "        return self\n"


def put(config: Any, path: str, value: Any) -> Any:
    name, _, rest = path.partition(".")
    inner = put(getattr(config, name), rest, value) if rest else value
    return config.model_copy(update={name: inner})


save_system, load_system = save, load
