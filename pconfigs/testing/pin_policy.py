"""Pins in experiments: refused, since one pins where config classes are defined."""

from __future__ import annotations

from pconfigs.errors.targets import PinInExperimentError
from pconfigs.imports import defines_config_classes
from pconfigs.imports.name_usage import line_that_names
from pconfigs.markers import Pin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType


def refuse_pins(target: str, module: ModuleType) -> None:
    """Refuse a module of experiments that names `Pin`: one pins where classes are defined.

    Raises:
        PinInExperimentError: It does.
    """
    if defines_config_classes(module):
        return
    line = line_that_names(module, Pin, "Pin")
    if line is not None:
        file = getattr(module, "__file__", None) or module.__name__
        raise PinInExperimentError(target, module.__name__, file, line)
