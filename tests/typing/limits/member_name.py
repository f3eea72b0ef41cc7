"""A field that is called like a member of every config."""

from pconfigs import pconfig
from pconfigs.pinnable import PConfig


@pconfig
class TableConfig(PConfig):
    asdict: bool  # wrong: pyright[reportIncompatibleMethodOverride]
