"""A derived config that gives a field another type."""

from __future__ import annotations

from pconfigs import pconfig

from system import TrainerConfig

@pconfig(inherit_constructable_type=True)
class TextConfig(TrainerConfig):
    steps: str  # wrong: mypy[assignment] pyright[reportIncompatibleVariableOverride]
