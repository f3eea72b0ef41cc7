"""How mypy comes to know config classes: which of its hooks does what."""

from __future__ import annotations

from collections.abc import Callable

from mypy.plugin import ClassDefContext, FunctionContext, Plugin
from mypy.types import Type

from pconfigs.mypy_plugin.bodies import prepare_class
from pconfigs.mypy_plugin.constructors import complete_class
from pconfigs.mypy_plugin.names import PCONFIG, PPROPERTY
from pconfigs.mypy_plugin.properties import check_property


class ConfigPlugin(Plugin):
    def get_customize_class_mro_hook(
        self, fullname: str
    ) -> Callable[[ClassDefContext], None] | None:
        # The only hook that runs before mypy reads the body of a class.
        return prepare_class

    def get_class_decorator_hook_2(self, fullname: str) -> Callable[[ClassDefContext], bool] | None:
        return complete_class if fullname == PCONFIG else None

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        return check_property if fullname == PPROPERTY else None


def plugin(version: str) -> type[Plugin]:
    """The plugin class, for any `version` of mypy."""
    return ConfigPlugin
