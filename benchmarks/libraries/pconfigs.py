"""pconfigs: pinned values, bases before the keywords, types checked and origins recorded."""

from __future__ import annotations

import json
from typing import Any

import pconfigs as library
from benchmarks import work
from pconfigs import pconfig, pdefaults, pinputs, pproperty
from pconfigs.pinnable import Pin, Pinned
from pconfigs.serialization.formats import json_format


@pconfig
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
    size: Pinned[int]

    @pproperty
    def size(self) -> int:
        return self.width * self.depth


HEAD = "@pconfig"
LEVELS = work.levels_above(Layer, HEAD)


def tree(layers: list[work.Values]) -> Any:
    return work.grow(LEVELS, layers)


def change_layer(config: Any, path: tuple[str, ...], seed: int) -> Any:
    if not path:
        return Layer(config, seed=seed)
    changed = change_layer(getattr(config, path[0]), path[1:], seed)
    return type(config)(config, **{path[0]: changed})


@pconfig
class TiedBlock:
    name: str
    depth: int
    heads: int
    dropout: float
    rate: float
    bias: bool
    activation: str
    seed: int
    width: Pinned[int]
    size: Pinned[int]

    @pproperty
    def size(self) -> int:
        return self.width * self.depth


@pconfig
class TiedGroup:
    blocks: list[TiedBlock]
    width: Pinned[int]

    @pproperty(fixup=True)
    def blocks(self) -> list[TiedBlock]:
        return [TiedBlock(block, width=Pin(self.width)) for block in pinputs(self).blocks]


@pconfig
class TiedRoot:
    groups: list[TiedGroup]
    width: int

    @pproperty(fixup=True)
    def groups(self) -> list[TiedGroup]:
        return [TiedGroup(group, width=Pin(self.width)) for group in pinputs(self).groups]


pdefaults += TiedBlock(**work.block_inputs(10)[0], width=Pinned)
pdefaults += TiedGroup(blocks=[], width=Pinned)


def tied_tree(blocks: list[work.Values]) -> TiedRoot:
    return work.grow_tied(TiedBlock, TiedGroup, TiedRoot, blocks)


def save_tied(config: TiedRoot) -> str:
    return json.dumps(library.pdump(config))


def load_tied(text: str) -> TiedRoot:
    return library.pload(json.loads(text), TiedRoot)


def change_tied(config: TiedRoot, seeds: dict[tuple[int, int], int]) -> TiedRoot:
    draft = library.psetter(config)
    for (group, place), seed in seeds.items():
        draft.groups[group].blocks[place].seed = seed
    return library.psetter(construct=draft)


def override_tied(config: TiedRoot, seeds: dict[tuple[int, int], int]) -> TiedRoot:
    paths = {
        f"groups[{group}].blocks[{place}].seed": seed for (group, place), seed in seeds.items()
    }
    return library.pset(config, paths)


@pconfig
class Schedule:
    warmup: int
    total: int
    floor: float
    kind: str


@pconfig
class Optimizer:
    name: str
    rate: float
    beta1: float
    beta2: float
    schedule: Schedule


@pconfig
class Encoder:
    width: int
    depth: int
    heads: int
    dropout: float
    head_width: Pinned[int]

    @pproperty
    def head_width(self) -> int:
        return self.width // self.heads


@pconfig
class Decoder:
    width: int
    depth: int
    dropout: float
    tied: bool


@pconfig
class Transformer:
    vocabulary: int
    seed: int
    encoder: Encoder
    decoder: Decoder


@pconfig
class Data:
    path: str
    batch: int
    shuffle: bool
    workers: int


@pconfig
class Experiment:
    steps: int
    log_every: int
    seed: int
    precision: str
    model: Transformer
    optimizer: Optimizer
    data: Data
    tokens: Pinned[int]

    @pproperty
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
    return Experiment(
        base,
        model=Transformer(
            model,
            encoder=Encoder(model.encoder, width=width),
            decoder=Decoder(model.decoder, dropout=dropout),
        ),
        optimizer=Optimizer(optimizer, schedule=Schedule(optimizer.schedule, warmup=warmup)),
    )


@pconfig
class Level:
    width: int
    leaf: int
    child: Level | None

    @pproperty
    def child(self) -> Level | None:
        given = pinputs(self).child
        return None if given is None else Level(given, width=self.width)


def override(config: Level, depth: int, leaf: int) -> Level:
    draft = part = library.psetter(type=Level, inputs=config)
    for _ in range(depth - 1):
        part = part.child
    part.leaf = leaf
    return library.psetter(construct=draft)


def definition(fields: list[tuple[str, str]], derived: list[tuple[str, str]]) -> str:
    text = work.class_text("Flat", fields, HEAD)
    text += "".join(f"    {name}: Pinned[int]\n" for name, _ in derived)
    for name, source in derived:
        text += f"    @pproperty\n    def {name}(self) -> int:\n        return self.{source} * 2\n"
    return text


def vary(base: Any, **changes: Any) -> Any:
    return type(base)(base, **changes)


def code(config: Any) -> str:
    return repr(config)


def save(config: Any) -> str:
    data = library.pdump(config)
    try:
        return json.dumps(data)
    except RecursionError:
        return json_format.write(data)


def load(text: str, cls: Any) -> Any:
    try:
        data = json.loads(text)
    except RecursionError:
        data = json_format.read(text)
    return library.pload(data, cls)


def put(config: Any, path: str, value: Any) -> Any:
    return library.pset(config, {path: value})


def walk(config: Any) -> set[str]:
    return {str(path) for path, _, _ in library.pwalk(config)}


def explain(config: Any, path: str) -> str:
    return str(library.pexplain(config, path))


def page(config: Any) -> str:
    from pconfigs.reports.html import to_page

    return to_page(config, "config")


def diff(before: Any, after: Any) -> list[str]:
    return [str(change.path) for change in library.pdiff(before, after)]


def system_block(name: str, fields: list[tuple[str, str]]) -> str:
    return (
        work.class_text(name, fields, HEAD)
        + "    width: Pinned[int]\n    size: Pinned[int]\n"
        + "    @pproperty\n    def size(self) -> int:\n        return self.width * self.f0\n"
    )


def system_parts(name: str, parts: dict[str, str]) -> str:
    text = work.class_text(name, list(parts.items()), HEAD)
    text += "    width: int\n    data: Data\n" if name == "System" else "    width: Pinned[int]\n"
    for part, cls in parts.items():
        text += f"    @pproperty(fixup=True)\n    def {part}(self) -> {cls}:\n"
        text += f"        return {cls}(pinputs(self).{part}, width=Pin(self.width))\n"
    return text


OPEN = {"width": Pinned}  # a part of the system before it gets the width
save_system, load_system, diff_system, diff_tied = save, load, diff, diff
