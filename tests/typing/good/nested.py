"""Configs in lists, dicts and tuples; parts that make their own classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pconfigs import pconfig, pconfiged
from pconfigs.pinnable import PConfig
from system import DataConfig, Model, ModelConfig


@pconfiged
class Ensemble:
    config: EnsembleConfig

    def __init__(self) -> None:
        super().__init__()
        self.models = [part.construct() for part in self.config.parts]
        self.best: Model | None = None

    def size(self) -> int:
        return sum(model.parameters() for model in self.models)


@pconfig(constructs=Ensemble)
class EnsembleConfig(PConfig[Ensemble]):
    parts: Sequence[ModelConfig]
    named: Mapping[str, DataConfig]
    pair: tuple[ModelConfig, int]
    either: ModelConfig | DataConfig | None


config: EnsembleConfig = EnsembleConfig(
    parts=[ModelConfig(width=2), ModelConfig(width=3)],
    named={"train": DataConfig(path="a", workers=1)},
    pair=(ModelConfig(), 3),
    either=None,
)
ensemble: Ensemble = config.construct()
size: int = ensemble.size()
paths: list[str] = [part.path for part in config.named.values()]
if isinstance(config.either, ModelConfig):
    width: int = config.either.width
