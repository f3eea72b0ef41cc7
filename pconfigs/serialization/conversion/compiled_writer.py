"""Compiled writers: what ConfigWriter.dump does, as straight code made for one class.

A class gets one when many of its configs are written. It writes configs whose scalar fields have
values of their very types, finite and closed, and whose pins are those of the default or were put
in by a property around them. Every other config it hands to `dump`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pconfigs.annotations.kinds import ATOMS
from pconfigs.markers import Pin, Pinned
from pconfigs.schema.build_record import RAW, RECORD
from pconfigs.schema.generated_code import compile_function
from pconfigs.schema.inheritance import ABSENT
from pconfigs.serialization.conversion.config_converter import FieldPlan, is_same_input
from pconfigs.serialization.conversion.config_writer import ConfigWriter
from pconfigs.serialization.conversion.contexts import Dump
from pconfigs.serialization.conversion.tags import COMPUTED, GIVEN, MARKER, PLAIN, VERSION

_WRITTEN = PLAIN | {float}


def compiled_writer(writer: ConfigWriter) -> Callable[[Any, Dump, bool], dict[str, Any]]:
    """Return the `write` of a writer, for as long as the class has the default of today."""
    source = _Source(writer)
    cls = writer.converter.cls
    return compile_function("write", f"writer of {cls.__qualname__}", source.lines(), source.names)


class _Source:
    """The source of one writer, and the names that it uses; `v3` is the value of field 3."""

    def __init__(self, writer: ConfigWriter) -> None:
        self.writer = writer
        self.defaults = writer.converter.defaults()
        self.names: dict[str, Any] = {
            "schema": writer.converter.schema, "fallback": writer.converter.fallback,
            "dump": writer.dump, "restart": writer.restart, "dump_repaired": writer.dump_repaired,
            "same": is_same_input, "Pin": Pin, "none": {},
        }  # fmt: skip
        self.names |= {f"plan{plan.index}": plan for plan in writer.plans}
        self.scalars = [plan for plan in writer.plans if _is_scalar(plan, writer.repaired)]
        self.others = [
            plan
            for plan in writer.plans
            if not (plan.secret or plan in self.scalars or plan in writer.repaired)
        ]

    def lines(self) -> list[str]:
        writer = self.writer
        values = [plan for plan in writer.plans if not plan.secret]
        lines = [
            "def write(config, out, tied):",
            "    if schema.fallback is not fallback: return restart(config, out, tied)",
            *[f"    v{plan.index} = config.{plan.name}" for plan in values],
        ]
        if writer.repaired or writer.following or writer.computed:
            lines.append(f"    raws = config.{RECORD}[{RAW}] or none")
        if refused := self._refused():
            lines.append(f"    if {' or '.join(refused)}: return dump(config, out, tied)")
        if writer.converter.fallback:
            lines.append("    given = []")
            settable = [plan for plan in values if not plan.field.pinned]
            lines += [f"    if {self._is_given(p)}: given.append({p.name!r})" for p in settable]
        lines.append(f"    data = {{{', '.join(self._entries())}}}")
        if self.others or writer.repaired:
            lines += [f"    {line}" for line in self._parts()]
        return [*lines, "    return data"]

    def _refused(self) -> list[str]:
        """Return the tests for what `dump` has to write."""
        tests = [self._unusual(plan) for plan in self.scalars]
        tests += [f"type(raws.get({plan.name!r})) is Pin" for plan in self.writer.following]
        pins = []
        for plan in self.writer.pinned:
            default = self._default(plan)
            pins.append(f"(v{plan.index} is not {default} and not same({default}, v{plan.index}))")
        if self.writer.computed:
            names = ", ".join(repr(plan.name) for plan in self.writer.computed)
            pins.append(f"(raws and not raws.keys().isdisjoint(({names},)))")
        if pins:
            tests.append(f"not tied and ({' or '.join(pins)})")
        return tests

    def _unusual(self, plan: FieldPlan) -> str:
        """Return the test whether a value is not of the types of its field, or is not finite."""
        value, types = f"v{plan.index}", set(plan.field.validator.types)
        has_float = float in types
        types.discard(float)
        names = f"types{plan.index}"
        self.names[names] = next(iter(types)) if len(types) == 1 else frozenset(types)
        test = f"type({value}) {'is not' if len(types) == 1 else 'not in'} {names}"
        if not has_float:
            return test
        self.names["float"] = float
        # One test for inf and nan, which JSON has no numbers for: what they differ by is nan.
        finite = f"{value} - {value} != 0.0 if type({value}) is float"
        return f"({finite} else {test})"

    def _default(self, plan: FieldPlan) -> str:
        name = f"default{plan.index}"
        self.names[name] = self.defaults.get(plan.name, ABSENT)
        return name

    def _is_given(self, plan: FieldPlan) -> str:
        value, default = f"v{plan.index}", self._default(plan)
        if plan in self.writer.repaired:
            self.names["Pinned"] = Pinned
            return f"not same({default}, raws.get({plan.name!r}, Pinned))"
        if plan.is_atom and type(self.names[default]) in ATOMS:
            return f"{value} is not {default} and {value} != {default}"
        return f"{value} is not {default} and not same({default}, {value})"

    def _entries(self) -> list[str]:
        writer = self.writer
        entries = [f"{VERSION!r}: {writer.version!r}"] if writer.version != 1 else []
        if writer.converter.fallback:
            entries.append(f"{GIVEN!r}: given")
        for plan in writer.plans:
            value = f"{{{MARKER!r}: 'Secret'}}" if plan.secret else f"v{plan.index}"
            entries.append(f"{plan.name!r}: {value}")
        return entries

    def _parts(self) -> list[str]:
        """Return lines that write what may not be plain, in the order of `dump`."""
        lines = ["steps = out.steps", "steps.append(None)"]
        for plan in self.others:
            name, value = plan.name, f"v{plan.index}"
            lines += [f"steps[-1] = {name!r}", f"data[{name!r}] = {self._written(plan, value)}"]
        if self.writer.repaired:
            lines.append("computed = {}")
        for plan in self.writer.repaired:
            arguments = f"plan{plan.index}, raws, v{plan.index}, out, data, computed"
            lines += [f"steps[-1] = {plan.name!r}", f"dump_repaired({arguments})"]
        lines.append("steps.pop()")
        if self.writer.repaired:
            lines.append(f"if computed: data[{COMPUTED!r}] = computed")
        return lines

    def _written(self, plan: FieldPlan, value: str) -> str:
        self.names[f"dump{plan.index}"] = plan.converter.dump
        if plan.field.pinned:
            return f"out.computed(plan{plan.index}.converter, {value})"
        only = plan.converter.forms.decided
        if only is None:
            return f"dump{plan.index}({value}, out)"
        self.names[f"class{plan.index}"] = only
        exact = f"type({value}) is class{plan.index}"
        return f"out.config({value}, True) if {exact} else dump{plan.index}({value}, out)"


def _is_scalar(plan: FieldPlan, repaired: list[FieldPlan]) -> bool:
    """Return whether all values of a field that fit by their type are written as they are."""
    types = plan.field.validator.types
    return bool(types) and types <= _WRITTEN and not plan.secret and plan not in repaired
