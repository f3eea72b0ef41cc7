"""A small system that the good and the mistaken files use; checked on its own, too."""

from __future__ import annotations

from pconfigs import pconfig, pconfiged, pdefaults
from pconfigs.pinnable import PConfig, Pin, Pinned, pproperty


@pconfiged
class Model:
    config: ModelConfig

    def parameters(self) -> int:
        return self.config.width**2 * self.config.depth


@pconfig(constructs=Model)
class ModelConfig(PConfig[Model]):
    width: int
    depth: int
    dropout: float | None


@pconfig
class DataConfig(PConfig):
    path: str
    workers: int


@pconfiged(runnable=True)
class Trainer:
    config: TrainerConfig

    def __init__(self) -> None:
        self.model = self.config.model.construct()

    def main(self, *args: object, **kwargs: object) -> int:
        return self.model.parameters() * len(self.config.schedule)


@pconfig(constructs=Trainer)
class TrainerConfig(PConfig[Trainer]):
    steps: int
    lr: float
    name: str
    tags: list[str]
    model: ModelConfig
    data: list[DataConfig]
    schedule: Pinned[list[float]]
    devices: Pinned[int]

    @pproperty
    def schedule(self) -> list[float]:
        return [self.lr / (1 + step) for step in range(self.steps)]


@pconfig(inherit_constructable_type=True)
class FastConfig(TrainerConfig):
    warmup: int


pdefaults += ModelConfig(width=8, depth=2, dropout=None)
pdefaults += TrainerConfig(
    steps=3,
    lr=1e-3,
    name="plain",
    tags=[],
    model=ModelConfig(),
    data=[],
    schedule=Pinned,
    devices=Pin(1),
)

trainer: TrainerConfig = TrainerConfig(steps=4, model=ModelConfig(width=16))
fast: FastConfig = FastConfig(trainer, warmup=1)
data: DataConfig = DataConfig(path="digits", workers=2)
