"""`constructs=` a class that is configured by another config."""

from __future__ import annotations

from pconfigs import pconfig
from pconfigs.pinnable import PConfig

from system import Trainer

@pconfig(constructs=Trainer)  # wrong: mypy[constructs]
class OtherConfig(PConfig[Trainer]):
    width: int
