"""Small values of a class, and the small variant of a config."""

from __future__ import annotations

from pconfigs import PConfig, pconfig, psmoke


@pconfig
class LoaderConfig(PConfig[None]):
    path: str
    batch_size: int


psmoke(LoaderConfig, batch_size=2)

config = LoaderConfig(path="data", batch_size=64)
small: LoaderConfig = psmoke(config)
size: int = small.batch_size
