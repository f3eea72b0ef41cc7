"""A derived config that frees what its ancestor pins."""

from pconfigs import pconfig
from system import TrainerConfig


@pconfig(inherit_constructable_type=True)
class FreeConfig(TrainerConfig):
    devices: int  # wrong: pyright[reportIncompatibleVariableOverride]
