"""`constructs=` a class that has no config."""

from __future__ import annotations

from pconfigs import pconfig
from pconfigs.pinnable import PConfig


class Plain:
    width: int


@pconfig(constructs=Plain)  # wrong: mypy[arg-type] pyright[reportArgumentType]
class PlainConfig(PConfig[Plain]):
    width: int
