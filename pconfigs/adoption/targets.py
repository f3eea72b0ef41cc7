"""Targets: the classes and functions that a source names, looked up to see what they take."""

from __future__ import annotations

import inspect
import sys
from typing import Any

from pconfigs.adoption.description import ConfigClass, all_classes, classes_in
from pconfigs.build.base_class import PConfig
from pconfigs.declare.pconfig import pconfig
from pconfigs.errors.base import PConfigError, Problem
from pconfigs.errors.wrapping import ParameterError
from pconfigs.imports import import_defined
from pconfigs.markers import Kwarg


def look_up(root: ConfigClass) -> list[Problem]:
    """Find the target of every class; return those that cannot be used.

    The modules of the targets are imported, as importing the result will do; nothing is called.
    """
    findings: list[Problem] = []
    for one in all_classes(root):
        if one.target is not None:
            problem = _settle(one, one.target)
            for field in one.fields.values():
                held = [part for part in classes_in(field.kind) if part.is_partial and part.target]
                if held and not problem:
                    words = "the source passes a partial; here it is the config: its construct"
                    findings.append(Problem(str(field.place), f"{one.name}.{field.key}: {words}"))
            if problem:
                one.how, one.settled = "", []
                one.marks.append(problem)
                place = one.default.node.place if one.default is not None else ""
                findings.append(Problem(str(place), f"{one.name}: {problem}"))
    return findings


def _settle(one: ConfigClass, name: str) -> str:
    """Give a class what its target asks for; return why it cannot be used, if it cannot."""
    if not all(part.isidentifier() for part in name.split(".")) or "." not in name:
        return f"`_target_` must be a dotted name, got {name!r}"
    try:
        target = import_defined(name)
    except Exception as error:  # also what `__getattr__` of a module raises
        words = str(error).split("\n")[0]
        return f"write mocks={name} once it can be imported ({words})"
    if not callable(target):
        return f"`_target_` must name a class or function, got {name}"
    one.how = "mocks" if isinstance(target, type) else "calls"
    one.target_place = _place(name)
    return _parameters(one, target, name)


def _parameters(one: ConfigClass, target: Any, name: str) -> str:
    """Compare fields with the parameters of the target; return why that fails, if it does."""
    try:
        parameters = inspect.signature(target).parameters
    except Exception as error:  # also what code of the target raises
        return f"write a function of your own that calls {name}: {error}"
    takes_more = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    for field in one.fields.values():
        if field.name not in parameters and not field.is_extra:
            if takes_more:
                field.is_extra = True
            else:
                field.marks.append(f"{name} has no such parameter")
    # What the decorator refuses of a trial is what it would refuse of the result.
    declared = {f.name: Kwarg[Any] if f.is_extra else Any for f in one.fields.values()}
    try:
        pconfig(**{one.how: target})(_trial(one, declared))
    except ParameterError as error:
        one.settled = [parameter.name for parameter in error.parameters]
    except PConfigError as error:
        return f"{name} cannot be used: {str(error).splitlines()[0]}"
    return ""


def _place(name: str) -> tuple[str, str]:
    """Return the longest part of a dotted name that is a module, and the rest."""
    steps = name.split(".")
    count = next(n for n in range(len(steps) - 1, 0, -1) if ".".join(steps[:n]) in sys.modules)
    return ".".join(steps[:count]), ".".join(steps[count:])


def _trial(one: ConfigClass, declared: dict[str, Any]) -> type:
    """Return a class with the fields that the result will have, to see what is missing."""
    bases = () if one.how == "calls" else (PConfig,)
    return type(one.name, bases, {"__annotations__": declared, "__module__": __name__})
