"""How mypy comes to know config classes: which of its hooks does what."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from mypy.plugin import AttributeContext, ClassDefContext, FunctionContext, Plugin
from mypy.types import Type

from pconfigs.mypy_plugin.bodies import prepare_class
from pconfigs.mypy_plugin.constructors import complete_class
from pconfigs.mypy_plugin.names import PCONFIG, PPROPERTY, SETTER
from pconfigs.mypy_plugin.properties import check_property
from pconfigs.mypy_plugin.setters import read_of


class ConfigPlugin(Plugin):
    """The hooks of mypy that have something to do, by what they are asked about."""

    def get_customize_class_mro_hook(
        self, fullname: str
    ) -> Callable[[ClassDefContext], None] | None:
        # The only hook that runs before mypy reads the body of a class.
        return prepare_class

    def get_class_decorator_hook_2(self, fullname: str) -> Callable[[ClassDefContext], bool] | None:
        return complete_class if fullname == PCONFIG else None

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        return check_property if fullname == PPROPERTY else None

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        view, _, name = fullname.rpartition(".")
        return partial(read_of, name) if view == SETTER else None


def plugin(version: str) -> type[Plugin]:
    """Return the plugin class, for any `version` of mypy."""
    return ConfigPlugin
