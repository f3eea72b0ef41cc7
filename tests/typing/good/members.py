"""What else a config class may hold: class variables, methods, checks, nested classes."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pconfigs import NoEffect, Secret, pcheck, pconfig
from pconfigs.pinnable import PConfig


@pconfig
class OptimizerConfig(PConfig):
    """Fields with every kind of marker."""

    kind: Literal["adam", "sgd"]
    rate: Annotated[float, "positive"]
    workers: NoEffect[int]
    token: Secret[str]
    anything: Any
    FLAVOURS: ClassVar[int] = 2
    UNTYPED = 3

    class Inner:
        pass

    @pcheck
    def fits(self) -> None:
        if self.rate > 1:
            raise ValueError("rate")

    @property
    def doubled(self) -> float:
        return 2 * self.rate

    @staticmethod
    def flavours() -> int:
        return OptimizerConfig.FLAVOURS

    @classmethod
    def made(cls) -> OptimizerConfig:
        return OptimizerConfig(kind="adam", rate=0.1, workers=4, token="t", anything=object())


config: OptimizerConfig = OptimizerConfig.made()
rate: float = config.doubled + config.rate + config.workers + OptimizerConfig.UNTYPED
token: str = config.token
values: dict[str, Any] = config.asdict()
same: bool = config == OptimizerConfig(config) and hash(config) == hash(config)
table: dict[OptimizerConfig, int] = {config: 1}
