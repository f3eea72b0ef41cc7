"""A base that names a class of another config, or another class than `constructs=`."""

from __future__ import annotations

from pconfigs import pconfig
from pconfigs.pinnable import PConfig
from system import Model, Trainer


@pconfig  # wrong: mypy[constructs]
class OtherSettings(PConfig[Trainer]):
    width: int


@pconfig(constructs=Trainer)  # wrong: mypy[constructs]
class TrainerSettings(PConfig[Model]):
    width: int
