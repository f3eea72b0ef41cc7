"""Config classes that call or make code from elsewhere: its parameters become fields."""

from __future__ import annotations

from types import FrameType
from typing import Any

from pconfigs.annotations.resolve import ClassAnnotations
from pconfigs.errors.wrapping import has_bases
from pconfigs.schema.class_schema import Schema
from pconfigs.wrapping import signatures
from pconfigs.wrapping.adopted_fields import adopt_parameters, plan_default
from pconfigs.wrapping.calling import install_calls
from pconfigs.wrapping.functions import function_class

__all__ = ["function_class", "install_outside", "taken_over"]


def taken_over(
    cls: type, declared: ClassAnnotations, how: str, thing: Any, frame: FrameType, omits_rest: bool
) -> Any:
    """Return the outside code that the config calls or makes, with its parameters as fields."""
    if how == "calls":
        for base in cls.__bases__:
            if base is not object:
                raise has_bases(cls, how, base)
    read = {
        "calls": signatures.function_outside,
        "mocks": signatures.class_outside,
        "constructs": signatures.extended_outside,
    }[how]
    outside = read(cls, thing, frame)
    adopt_parameters(cls, declared, outside, omits_rest)
    return outside


def install_outside(cls: type, schema: Schema, own: bool, frame: FrameType) -> None:
    """Make the configs of a class call what it adopts; register a default of its own."""
    install_calls(cls, schema, own)
    if own:
        plan_default(schema, frame.f_code, frame.f_lasti)
