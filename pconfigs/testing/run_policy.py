"""The rule of what may run: configs of runnable classes, in modules that pin nothing."""

from __future__ import annotations

from pconfigs.errors.targets import PinInExperimentError
from pconfigs.imports import defines_config_classes
from pconfigs.imports.name_usage import line_that_names
from pconfigs.markers import Pin
from pconfigs.schema.class_schema import is_config, schema_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType


def is_runnable(found: object) -> bool:
    """Return whether something is a config that constructs a runnable class."""
    if not is_config(found):
        return False
    # The class may be one from elsewhere, which is not configured.
    configured = getattr(schema_of(found).constructs, "__pconfigured__", None)
    return configured is not None and bool(configured.runnable)


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
